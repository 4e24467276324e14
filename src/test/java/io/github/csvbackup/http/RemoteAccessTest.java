package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.PasswordHash;
import io.github.csvbackup.security.Passwords;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On other addresses than loopback: nothing without TLS, and only /healthz without a user. */
class RemoteAccessTest {
    private static final String TOKEN = "the token";
    private static final String PASSWORD = "prom's password";

    @TempDir
    Path folder;

    private final FileStatus status = new FileStatus(Clock.systemUTC());
    private final HttpCounts counts = new HttpCounts();
    private final InetAddress own = OwnAddress.get();

    private Authentication users() throws IOException {
        Path users = PrivateFile.write(
                folder.resolve("users"), "prometheus reader " + PasswordHash.of(PASSWORD.toCharArray()) + "\n");
        return new Authentication(() -> TOKEN, new Passwords(users, status));
    }

    private Path certificate() throws Exception {
        return Certificate.make(folder.resolve("agent.pfx"), "agent", own.getHostAddress());
    }

    private Path passwordFile() throws IOException {
        return PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD + "\n");
    }

    private AgentHttpServer bind(String host, Authentication authentication, SSLContext tls) throws IOException {
        return bind(new AgentHttpServer.Address(host, 0, tls), authentication);
    }

    private AgentHttpServer bind(AgentHttpServer.Address address, Authentication authentication) throws IOException {
        return AgentHttpServer.bind(
                address,
                authentication,
                counts,
                Map.of(
                        "/metrics",
                        request -> Reply.text(
                                200, "metrics for " + request.identity().name()),
                        "/healthz",
                        request -> Reply.text(200, "healthy")));
    }

    private HttpResponse<String> get(HttpClient http, AgentHttpServer server, String path, String... credentials)
            throws Exception {
        URI uri = URI.create("https://" + own.getHostAddress() + ":"
                + URI.create(server.url()).getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        for (String pair : credentials) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void readingNeedsAUserAndHealthDoesNot() throws Exception {
        Path keystore = certificate();
        try (AgentHttpServer server = bind("0.0.0.0", users(), Tls.of(keystore, passwordFile(), status))) {
            server.start();
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(Certificate.trust(keystore))
                    .build();

            assertThat(server.url()).startsWith("https://0.0.0.0:");
            assertThat(get(http, server, "/healthz").body()).isEqualTo("healthy\n");
            HttpResponse<String> without = get(http, server, "/metrics");
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(without.body()).contains("Access from another machine needs a name and password");
            assertThat(get(http, server, "/metrics", "prometheus:wrong password")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get(http, server, "/metrics", "prometheus:" + PASSWORD).body())
                    .isEqualTo("metrics for prometheus\n");
            assertThat(get(http, server, "/metrics", "operator:" + TOKEN).body())
                    .isEqualTo("metrics for operator token\n");
        }
    }

    @Test
    void aPortThatAnAgentWithTlsHoldsIsToldFromOneOfAnotherProgram() throws Exception {
        SSLContext tls = Tls.of(certificate(), passwordFile(), status);
        try (AgentHttpServer server = bind("127.0.0.1", users(), tls)) {
            server.start();
            int port = URI.create(server.url()).getPort();

            assertThatThrownBy(() -> bind(new AgentHttpServer.Address("127.0.0.1", port, null), users()))
                    .hasMessageContaining("is in use by another csv-backup-agent. ");
        }
    }

    @Test
    void offLoopbackNothingIsServedWithoutTlsOrWithoutUsers() throws Exception {
        SSLContext tls = Tls.of(certificate(), passwordFile(), status);
        String host = own.getHostAddress();

        assertThatThrownBy(() -> bind(host, users(), null))
                .hasMessageContaining("is not a loopback address; to listen on it the agent needs a certificate"
                        + " (tls-keystore=...) and users (users=...)");
        assertThatThrownBy(() -> bind(host, new Authentication(() -> TOKEN, null), tls))
                .hasMessageContaining("to listen on it the agent needs");
    }

    @Test
    void aCertificateThatCannotBeUsedSaysWhy() throws Exception {
        Path keystore = certificate();
        Path wrong = PrivateFile.write(folder.resolve("wrong"), "not it");

        assertThatThrownBy(() -> Tls.of(folder.resolve("none.pfx"), null, status))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Tls.of(keystore, wrong, status))
                .hasMessageContaining("Check the password in tls-password-file");
        assertThatThrownBy(() -> Tls.of(wrong, null, status))
                .hasMessageContaining("cannot be read as PKCS #12")
                .hasMessageContaining("give a file that contains the password with tls-password-file");
        Path pem = PrivateFile.write(folder.resolve("agent.pem"), "-----BEGIN PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Tls.of(pem, null, status)).hasMessageContaining("It is a PEM file: convert it");
        assertThatThrownBy(() -> Tls.of(keystore, folder.resolve("none"), status))
                .hasMessageContaining("tls-password-file=");
    }
}
