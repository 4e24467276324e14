package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door for other machines: TLS only, and only /healthz without a user. */
class RemoteDoorTest {
    @TempDir
    Path folder;

    private final FileStatus status = new FileStatus(Clock.systemUTC());
    private final HttpCounts counts = new HttpCounts();
    private final InetAddress own = OwnAddress.get();

    private Path certificate() throws Exception {
        return Certificate.make(folder.resolve("agent.pfx"), "agent", own.getHostAddress());
    }

    private Path passwordFile() throws IOException {
        return PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD + "\n");
    }

    private AgentHttpServer bind(String host, int port, Tls tls) throws IOException {
        return bind(new RemoteDoor(host, port, tls, TestUsers.passwords(folder)));
    }

    private AgentHttpServer bind(Door door) throws IOException {
        return AgentHttpServer.bind(
                door,
                2,
                counts,
                Map.of(
                        "/metrics",
                        request -> Reply.text(
                                200, "metrics for " + request.identity().name()),
                        "/healthz",
                        request -> Reply.text(200, "healthy")));
    }

    private static HttpResponse<String> get(
            HttpClient http, AgentHttpServer server, String host, String path, String... credentials) throws Exception {
        URI uri = URI.create("https://" + host + ":" + URI.create(server.url()).getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        for (String authorization : credentials) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Also for a client on the node itself: a connection from loopback gets no more here. */
    @Test
    void readingNeedsAUserAndHealthDoesNot() throws Exception {
        Path keystore = certificate();
        try (AgentHttpServer server = bind("0.0.0.0", 0, Tls.of(keystore, passwordFile(), status))) {
            server.start();
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(Certificate.trust(keystore))
                    .build();

            assertThat(server.url()).startsWith("https://0.0.0.0:");
            for (String host : new String[] {own.getHostAddress(), "127.0.0.1"}) {
                assertThat(get(http, server, host, "/healthz").body()).isEqualTo("healthy\n");
                HttpResponse<String> without = get(http, server, host, "/metrics");
                assertThat(without.statusCode()).isEqualTo(401);
                assertThat(without.headers().firstValue("WWW-Authenticate")).isPresent();
                assertThat(without.body()).isEqualTo("This address needs a name and a password from the users file.\n");
                assertThat(get(http, server, host, "/metrics", TestUsers.basic(TestUsers.READER, "wrong"))
                                .statusCode())
                        .isEqualTo(401);
                assertThat(get(http, server, host, "/metrics", TestUsers.authorization(TestUsers.READER))
                                .body())
                        .isEqualTo("metrics for " + TestUsers.READER + "\n");
            }
        }
    }

    @Test
    void whileAnAddressGuessesItsPasswordsAreCheckedLater() throws Exception {
        Path keystore = certificate();
        try (AgentHttpServer server = bind("127.0.0.1", 0, Tls.of(keystore, passwordFile(), status))) {
            server.start();
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(Certificate.trust(keystore))
                    .build();
            HttpResponse<String> answer;
            do {
                answer = get(http, server, "127.0.0.1", "/metrics", TestUsers.basic("eve", "guess"));
            } while (answer.statusCode() == 401);

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.body())
                    .startsWith("The password was not checked: ")
                    .endsWith("Try again in a second.\n");
        }
    }

    @Test
    void aPortThatAnAgentWithTlsHoldsIsToldFromOneOfAnotherProgram() throws Exception {
        Tls tls = Tls.of(certificate(), passwordFile(), status);
        try (AgentHttpServer server = bind("127.0.0.1", 0, tls)) {
            server.start();
            int port = URI.create(server.url()).getPort();

            assertThatThrownBy(() -> bind(new LocalDoor("127.0.0.1", port, () -> "token", AnonymousAccess.ASSESS)))
                    .hasMessageEndingWith(
                            "is in use by another csv-backup-agent. Use that agent: a new one observes from the beginning."
                                    + " Choose another port with port=..., or port=0"
                                    + " for any free port.");
            assertThatThrownBy(() -> bind("127.0.0.1", port, tls))
                    .hasMessageEndingWith(
                            "is in use by another csv-backup-agent. Use that agent: a new one observes from the beginning."
                                    + " Choose another port with remote-port=..., or"
                                    + " remote-port=0 for any free port.");
        }
    }

    @Test
    void aNameThatIsUnknownIsReported() throws Exception {
        Tls tls = Tls.of(certificate(), passwordFile(), status);

        assertThatThrownBy(() -> bind("no-such-host.invalid", 0, tls))
                .hasMessage("The host \"no-such-host.invalid\" is unknown; use 0.0.0.0.");
    }
}
