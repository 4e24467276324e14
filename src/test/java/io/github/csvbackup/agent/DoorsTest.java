package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.http.TestUsers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that listens for this machine and for other ones. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorsTest {
    private static final String SELF_TEST = TwoDoors.exec("selfTest", "");

    @TempDir
    Path folder;

    private static Map<String, String> operator() {
        return Map.of("Authorization", TestUsers.authorization(TestUsers.OPERATOR));
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    @Test
    void theStartAndTheSelfTestNameBothAddresses() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start(doors.options())) {
            URI remote = TwoDoors.remote(agent);

            assertThat(agent.announcement())
                    .matches("csv-backup-agent \\S+ listening on http://127\\.0\\.0\\.1:\\d+/ and"
                            + " https://127\\.0\\.0\\.1:\\d+/ \\(backend simulated\\)");
            assertThat(agent.url().getScheme()).isEqualTo("http");
            assertThat(doors.send(remote, "jolokia/", SELF_TEST, operator())
                            .body()
                            .replace("\\/", "/"))
                    .contains("listening on " + agent.url() + " and " + remote);
        }
    }

    /** There is no address where a token would be valid, so there is none that could be stolen. */
    @Test
    void whereTheAddressForThisMachineIsOffThereIsNoToken() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start("host=off," + doors.options())) {
            assertThat(agent.announcement())
                    .matches(
                            "csv-backup-agent \\S+ listening on https://127\\.0\\.0\\.1:\\d+/ \\(backend simulated\\)");
            assertThat(agent.url()).isEqualTo(TwoDoors.remote(agent));
            assertThat(agent.token()).isEmpty();
            assertThat(doors.tokenFile()).doesNotExist();
            for (String token : new String[] {"", "x"}) {
                assertThat(doors.send(agent.url(), "metrics", null, bearer(token))
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(doors.send(agent.url(), "jolokia/", SELF_TEST, operator())
                            .body())
                    .contains("\"status\":200");
        }
    }

    /** A program that takes the port while the agent does not run gets the token of a run that crashed. */
    @Test
    void aProgramThatHadThePortKnowsNoTokenThatIsValidLater() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        int port = FreePort.next();
        String options = doors.options() + ",port=" + port;
        String stolen;
        try (Agent agent = doors.start(options)) {
            stolen = agent.token();
            assertThat(doors.send(agent.url(), "jolokia/", SELF_TEST, bearer(stolen))
                            .body())
                    .contains("\"status\":200");
        }
        doors.leaveToken(stolen);
        try (ServerSocket squatter = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> doors.start(options))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(
                            "The port 127.0.0.1:" + squatter.getLocalPort() + " is in use by another program.");
            assertThat(doors.tokenFile()).doesNotExist();
        }

        doors.leaveToken(stolen);
        try (Agent agent = doors.start(options)) {
            assertThat(agent.token()).isNotEqualTo(stolen);
            for (URI door : new URI[] {agent.url(), TwoDoors.remote(agent)}) {
                assertThat(doors.send(door, "jolokia/", SELF_TEST, bearer(stolen))
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void oneAddressCannotServeBoth(String remoteHost) throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        int port = FreePort.next();
        String options = doors.options()
                        .replace("remote-host=127.0.0.1", "remote-host=" + remoteHost)
                        .replace("remote-port=0", "remote-port=" + port)
                + ",port=" + port;

        assertThatThrownBy(() -> doors.start(options))
                .isInstanceOf(StartException.class)
                .hasMessage("remote-port=" + port + " is also the port of host=127.0.0.1, which remote-host="
                        + remoteHost + " includes. Choose another remote-port; the default is 8779.");
        assertThat(doors.tokenFile()).doesNotExist();
    }

    @Test
    void anotherAddressMayHaveTheSamePort() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        int port = FreePort.next();
        String options =
                doors.options().replace("remote-port=0", "remote-port=" + port) + ",host=127.0.0.2,port=" + port;

        try (Agent agent = doors.start(options)) {
            assertThat(agent.announcement())
                    .contains("listening on http://127.0.0.2:" + port + "/ and https://127.0.0.1:" + port + "/ ");
        }
    }

    @Test
    void anAddressOffLoopbackIsNotForThisMachineAlone() {
        assertThatThrownBy(() -> new TwoDoors(folder).start("host=0.0.0.0"))
                .isInstanceOf(StartException.class)
                .hasMessageEndingWith("To listen for other machines, use remote-host=0.0.0.0.");
    }

    /** The port of this machine is free again when the other one cannot be bound. */
    @Test
    void aDoorThatCannotOpenClosesTheOther() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        int port = FreePort.next();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String options = doors.options().replace("remote-port=0", "remote-port=" + busy.getLocalPort());
            assertThatThrownBy(() -> doors.start(options + ",port=" + port))
                    .isInstanceOf(StartException.class)
                    .hasMessageEndingWith(
                            "Choose another port with remote-port=..., or remote-port=0 for any free port.");
        }
        try (Agent agent = doors.start(doors.options() + ",port=" + port)) {
            assertThat(agent.url().getPort()).isEqualTo(port);
        }
    }
}
