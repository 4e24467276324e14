package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Decision;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's address in a request: the page writes it into commands that people paste into a shell. */
class DoorkeeperTest {
    @TempDir
    static Path certificates;

    private static Tls tls;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeTheCertificate() throws Exception {
        tls = Tls.of(
                Certificate.make(certificates.resolve("agent.pfx"), "agent", "127.0.0.1"),
                PrivateFile.write(certificates.resolve("password"), Certificate.PASSWORD),
                new FileStatus(Clock.systemUTC()));
    }

    private static String address(String host, Door door, String authorization) {
        Doorkeeper doorkeeper =
                new Doorkeeper(door, new HttpCounts(), Map.of("/", request -> Reply.text(200, request.address())));
        Head head = new Head("GET", URI.create("/"), host, 1, Map.of("authorization", List.of(authorization)), 0);
        Decision decision = doorkeeper.decide(head, new Client(InetAddress.getLoopbackAddress()));
        return ((Decision.Admitted) decision)
                .work()
                .answer(new byte[0])
                .body()
                .toString()
                .strip();
    }

    private static String local(String host) {
        return address(host, new LocalDoor("127.0.0.1", 8778, () -> "t", AnonymousAccess.ASSESS), "Bearer t");
    }

    private String remote(String host) throws Exception {
        return address(
                host,
                new RemoteDoor("0.0.0.0", 8779, tls, TestUsers.passwords(folder)),
                TestUsers.authorization(TestUsers.READER));
    }

    @Test
    void isTheOneThatTheClientUsed() throws Exception {
        assertThat(local("localhost:9000")).isEqualTo("http://localhost:9000/");
        assertThat(local("[::1]:8778")).isEqualTo("http://[::1]:8778/");
        assertThat(remote("node1.example.com:8779")).isEqualTo("https://node1.example.com:8779/");
        assertThat(remote("node-1")).isEqualTo("https://node-1/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node1;calc", "node1 -x", "$(calc)", "node1:8778/x", "\"", "[::1", ""})
    void isNeverAnythingElse(String host) throws Exception {
        assertThat(remote(host)).isEqualTo("https://127.0.0.1:8779/");
    }

    @Test
    void isTheUsualOneForAClientThatDoesNotName() {
        assertThat(local(null)).isEqualTo("http://127.0.0.1:8778/");
    }
}
