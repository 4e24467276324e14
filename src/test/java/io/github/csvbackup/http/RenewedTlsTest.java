package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.PeerCertificates;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a change of tls-keystore or tls-trust, kept connections and sessions that clients resume do not go on with what was before. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RenewedTlsTest {
    /** Less than the 30 seconds after which a kept connection ends anyway. */
    private static final int SOON_MILLIS = 20_000;

    private static final String POST = "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n";
    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    Path folder;

    private Path keystore;
    private Path trust;
    private String nodes;
    private Tls tls;
    private SSLContext node2;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private AgentHttpServer server;

    @BeforeEach
    void start() throws Exception {
        keystore = agent("first");
        Path peer = Certificate.make(
                folder.resolve("NODE2.p12"),
                "x",
                "127.0.0.1",
                "-ext",
                "san=dns:NODE2.example.com",
                "-ext",
                "bc:c=ca:true");
        nodes = Files.readString(Certificate.pem(peer, folder.resolve("NODE2.pem")));
        trust = PrivateFile.write(folder.resolve("trust.pem"), nodes);
        FileStatus status = new FileStatus(Clock.systemUTC());
        tls = Tls.of(
                keystore,
                PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD),
                status,
                new Tls.Trust(trust, status));
        node2 = Certificate.client(peer);
        PeerCertificates peers = new PeerCertificates(
                () -> List.of("NODE1", "NODE2"), () -> "NODE1", tls::certificate, Clock.systemUTC());
        server = AgentHttpServer.bind(
                new RemoteDoor("127.0.0.1", 0, tls, null, peers),
                1,
                new HttpCounts(),
                Map.of("/healthz", this::answer));
        server.start();
    }

    private Reply answer(Request request) {
        if (request.uri().getQuery() != null) {
            asked.countDown();
            await(release);
        }
        return Reply.text(200, "for " + request.identity().name());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    private Path agent(String commonName) throws Exception {
        return Certificate.make(
                folder.resolve("agent.p12"),
                commonName,
                "127.0.0.1",
                "-ext",
                "san=dns:NODE1.example.com,dns:localhost,ip:127.0.0.1");
    }

    private SSLSocket connect(String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) node2.getSocketFactory()
                .createSocket("127.0.0.1", URI.create(server.url()).getPort());
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    /** Null if the connection ended instead. */
    private static String ask(SSLSocket socket, String request) throws IOException {
        send(socket, request);
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nfor NODE2\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                assertThat(answer).isEmpty();
                return null;
            }
            answer.append((char) next);
        }
        return answer.toString();
    }

    private static String shown(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static void send(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean ended(SSLSocket socket, String rest) {
        try {
            send(socket, rest);
            socket.setSoTimeout(SOON_MILLIS);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // A reset, or an end without the alert that announces it.
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionIsResumedUntilTheCertificateIsReplaced(String protocol) throws Exception {
        long first;
        try (SSLSocket socket = connect(protocol)) {
            assertThat(ask(socket, HEALTH)).startsWith("HTTP/1.1 200 ");
            first = socket.getSession().getCreationTime();
        }
        tls.check();
        try (SSLSocket socket = connect(protocol)) {
            assertThat(ask(socket, HEALTH)).startsWith("HTTP/1.1 200 ");
            assertThat(socket.getSession().getCreationTime())
                    .as("resumed: otherwise this test shows nothing")
                    .isEqualTo(first);
            assertThat(shown(socket)).isEqualTo("CN=first");
        }

        agent("second");
        tls.check();

        try (SSLSocket socket = connect(protocol)) {
            assertThat(ask(socket, HEALTH)).startsWith("HTTP/1.1 200 ");
            assertThat(shown(socket)).isEqualTo("CN=second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionOfAnAuthorityThatIsNotTrustedAnyMoreIsNotResumed(String protocol) throws Exception {
        try (SSLSocket socket = connect(protocol)) {
            assertThat(ask(socket, HEALTH)).startsWith("HTTP/1.1 200 ");
        }

        trustAnother();
        tls.check();

        assertThatThrownBy(() -> {
                    try (SSLSocket socket = connect(protocol)) {
                        assertThat(ask(socket, HEALTH)).isNull();
                        throw new IOException("ended");
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private void trustAnother() throws Exception {
        Path other = Certificate.make(folder.resolve("other.p12"), "x", "127.0.0.1", "-ext", "bc:c=ca:true");
        Certificate.pem(other, trust);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeptConnectionEndsWithItsCertificateOrItsTrust(boolean certificate) throws Exception {
        try (SSLSocket waiting = connect("TLSv1.3");
                SSLSocket sending = connect("TLSv1.3");
                SSLSocket posting = connect("TLSv1.3")) {
            for (SSLSocket socket : new SSLSocket[] {waiting, sending, posting}) {
                assertThat(ask(socket, HEALTH)).startsWith("HTTP/1.1 200 ");
            }
            tls.check();
            assertThat(ask(waiting, HEALTH)).as("nothing changed").startsWith("HTTP/1.1 200 ");
            assertThat(ask(posting, POST + "12")).startsWith("HTTP/1.1 200 ");
            send(sending, HEALTH.substring(0, 20));
            send(posting, POST + "1");

            if (certificate) {
                agent("second");
            } else {
                trustAnother();
            }
            tls.check();

            assertThat(ended(waiting, "")).as("without a further request").isTrue();
            assertThat(ended(sending, HEALTH.substring(20)))
                    .as("a request that ends after the change")
                    .isTrue();
            assertThat(ended(posting, "2")).as("a body that ends after it").isTrue();
        }
    }

    @Test
    void anAnswerThatIsBeingMadeIsSentAndEndsItsConnection() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, HEALTH.replace("/healthz", "/healthz?wait"));
            asked.await();
            agent("second");
            tls.check();
            release.countDown();

            assertThat(ask(socket, "")).startsWith("HTTP/1.1 200 ");
            assertThat(ended(socket, "")).isTrue();
        }
    }
}
