package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.PortListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code service install} checks before it changes anything: each obstacle is one line. */
@DisabledOnOs(OS.WINDOWS)
class ServiceInstallChecksTest extends WithServiceInstall {
    @Test
    void onlyAnAdministratorCanInstall() throws IOException {
        system.manager.fail("requireAdministrator", 5);

        assertNothingDone(install(), "Run this command as an administrator");
    }

    @Test
    void aCheckFindsWhatTheInstallationWouldAndChangesNothing() throws IOException {
        assertThat(install("--check")).as(cli.err()).isZero();
        assertThat(cli.out()).contains("Nothing was changed.");
        assertThat(service()).isNull();
        assertThat(state()).doesNotExist();
        assertThat(system.eventsRegistered).isFalse();

        assertThat(install("--check", "--pol-interval=1s")).isEqualTo(2);
        assertThat(install("--check", "--account=UNKNOWN\\agent$")).isEqualTo(1);
        Files.createFile(state());
        assertThat(install("--check")).isEqualTo(1);
        assertThat(cli.err()).contains("The state directory " + state() + " is not a directory.");
        assertThat(service()).isNull();
    }

    @Test
    void anAccountWithAPasswordIsRefused() throws IOException {
        assertNothingDone(install("--account=DOMAIN\\admin"), "set an account with a password in services.msc");
    }

    @Test
    void anUnknownAccountIsRefused() throws IOException {
        assertNothingDone(install("--account=UNKNOWN\\agent$"), "there is no Windows account UNKNOWN\\agent$");
    }

    @Test
    void anotherServiceOfThatNameIsLeftAlone() {
        system.manager.put(AgentService.NAME, "C:\\other.exe", "LocalSystem", STOPPED);

        assertThat(install()).isEqualTo(1);

        assertThat(cli.err().lines()).singleElement().asString().contains("it runs C:\\other.exe");
        assertThat(service().commandLine()).isEqualTo("C:\\other.exe");
        assertThat(state()).doesNotExist();
    }

    @Test
    void aStateDirectoryOfOthersIsRefused() throws IOException {
        Files.createDirectories(state());
        system.rights = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(state());
            }
        };

        assertThat(install()).isEqualTo(1);

        assertThat(cli.err().lines())
                .singleElement()
                .asString()
                .contains("The state directory " + state() + " can be written to by others");
        assertThat(service()).isNull();
        try (Stream<Path> files = Files.list(state())) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenIsReported() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertNothingDone(
                    install("--port=" + other.getLocalPort()),
                    "The service cannot listen on 127.0.0.1 port " + other.getLocalPort());
        }
    }

    @Test
    void aPortForOtherMachinesThatIsTakenIsReported() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertNothingDone(
                    install(
                            "--remote-host=127.0.0.1",
                            "--remote-port=" + other.getLocalPort(),
                            "--tls-keystore=a.pfx",
                            "--users=users.txt"),
                    " or choose another port with --remote-port.");
        }
    }

    @Test
    void anAddressOffLoopbackIsReported() throws IOException {
        assertNothingDone(install("--host=0.0.0.0"), "To listen for other machines, use remote-host=0.0.0.0.");
    }

    @Test
    void aPercentSignIsRefused() throws IOException {
        assertNothingDone(install("--log-dir=/data/%x%"), "percent sign");
    }

    @Test
    void wrongOptionsAreWrongUsage() throws IOException {
        assertThat(install("--poll-interval=1")).isEqualTo(2);
        assertThat(cli.err()).contains("poll-interval=1 (command line) is not valid");
        assertThat(install("--pol-interval=1s")).isEqualTo(2);
        assertThat(cli.err())
                .contains(
                        "Unknown option '--pol-interval' for command install; did you mean '--poll-interval'?",
                        "Run: java -jar csv-backup-agent.jar service install --help");
        assertThat(service()).isNull();
    }

    private static PortListener listener(String address, ServerSocket socket, long processId) throws IOException {
        return new PortListener(InetAddress.getByName(address), socket.getLocalPort(), processId);
    }

    private void running(String options) {
        String commandLine = "\"java.exe\" -jar a.jar service run --backend=simulated --state-dir="
                + folder.resolve("old") + " " + options;
        system.manager.put(AgentService.NAME, commandLine, "LocalSystem", RUNNING);
    }

    /** Whatever its command line says: it may have been changed since the service started. */
    @ParameterizedTest
    @ValueSource(strings = {"--port=PORT", "--port=1", "--port=PORT --host=localhost", "--port=wrong"})
    void thePortOfTheServiceThatRunsIsFree(String options) throws IOException {
        try (ServerSocket own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            running(options.replace("PORT", Integer.toString(own.getLocalPort())));
            system.listeners = List.of(
                    listener("127.0.0.1", own, RUNNING.processId()),
                    listener("127.0.0.2", own, RUNNING.processId() + 1));

            assertThat(install("--port=" + own.getLocalPort())).as(cli.err()).isZero();
        }
    }

    /** Its process is 0, as is that of a listener that is not known. */
    @Test
    void aServiceThatIsStoppedHoldsNoPort() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            running("");
            system.manager.put(AgentService.NAME, service().commandLine(), "LocalSystem", STOPPED);
            system.listeners = List.of(listener("127.0.0.1", other, 0));

            assertThat(install("--port=" + other.getLocalPort())).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::", "none", "fails"})
    void aPortOfAnotherProgramIsNotThatOfTheServiceThatRuns(String address) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            running("--port=" + other.getLocalPort());
            String before = service().commandLine();
            PortListener own = listener("127.0.0.1", other, RUNNING.processId());
            system.listeners = switch (address) {
                case "none" -> List.of();
                case "fails" -> null;
                default -> List.of(own, listener(address, other, RUNNING.processId() + 1));
            };

            assertThat(install("--port=" + other.getLocalPort())).isEqualTo(1);

            assertThat(cli.err().lines())
                    .singleElement()
                    .asString()
                    .contains("The service cannot listen on 127.0.0.1 port " + other.getLocalPort())
                    .satisfies(line -> assertThat(line.contains(
                                    "It is not known which program listens: GetExtendedTcpTable failed. If it is the"
                                            + " service itself, stop it first: service stop."))
                            .isEqualTo(address.equals("fails")));
            assertThat(service().commandLine()).isEqualTo(before);
        }
    }
}
