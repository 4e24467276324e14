package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.server.Decision;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.Authentication;
import java.net.InetAddress;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's address in a request: the page writes it into commands that people paste into a shell. */
class DoorkeeperTest {
    private static String address(String host, SSLContext tls) {
        Doorkeeper doorkeeper = new Doorkeeper(
                new AgentHttpServer.Address("127.0.0.1", 8778, tls),
                new Authentication(() -> "token", null),
                new HttpCounts(),
                Map.of("/", request -> Reply.text(200, request.address())));
        Head head = new Head("GET", URI.create("/"), host, 1, Map.of(), 0);
        Decision decision = doorkeeper.decide(head, InetAddress.getLoopbackAddress());
        return ((Decision.Admitted) decision)
                .work()
                .answer(new byte[0])
                .body()
                .toString()
                .strip();
    }

    @Test
    void isTheOneThatTheClientUsed() throws Exception {
        assertThat(address("localhost:9000", null)).isEqualTo("http://localhost:9000/");
        assertThat(address("[::1]:8778", null)).isEqualTo("http://[::1]:8778/");
        assertThat(address("node1.example.com:8778", SSLContext.getDefault()))
                .isEqualTo("https://node1.example.com:8778/");
        assertThat(address("node-1", SSLContext.getDefault())).isEqualTo("https://node-1/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node1;calc", "node1 -x", "$(calc)", "node1:8778/x", "\"", "[::1", ""})
    void isNeverAnythingElse(String host) throws Exception {
        assertThat(address(host, SSLContext.getDefault())).isEqualTo("https://127.0.0.1:8778/");
    }

    @Test
    void isTheUsualOneForAClientThatDoesNotName() {
        assertThat(address(null, null)).isEqualTo("http://127.0.0.1:8778/");
    }
}
