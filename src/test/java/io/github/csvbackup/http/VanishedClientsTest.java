package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Passwords;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that disconnect before they have their answer: the server keeps nothing for them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VanishedClientsTest {
    private static final int CLIENTS_PER_STAGE = 10;
    private static final String BIG = "x".repeat(8 * 1024 * 1024);

    /** How far a client gets before it disconnects. */
    private enum Stage {
        CONNECTED(""),
        HALF_A_HEAD("GET /page HTTP/1.1\r\nHo"),
        NO_BODY("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"),
        HALF_A_BODY("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"),
        A_WRONG_TOKEN(
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\nContent-Length: 100000\r\n\r\n"),
        ANOTHER_HOST("POST /echo HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n\r\nabc"),
        ANOTHER_METHOD("PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"),
        TOO_LARGE("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n" + "x".repeat(300_000)),
        A_BAD_CHUNK("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"),
        HALF_A_CHUNK("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFF\r\nabc"),
        NOT_HTTP("\0\1\2\r\n\r\n"),
        BETWEEN_REQUESTS("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        IN_THE_ANSWER("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");

        final String sent;

        Stage(String sent) {
            this.sent = sent;
        }

        boolean waitsForAnswer() {
            return this == BETWEEN_REQUESTS || this == IN_THE_ANSWER;
        }
    }

    @TempDir
    Path folder;

    private @Nullable SSLContext trust;
    private String credentials = "";

    private AgentHttpServer start(boolean secure) throws Exception {
        AgentHttpServer server = AgentHttpServer.bind(
                secure ? remote() : new LocalDoor("127.0.0.1", 0, () -> "the token", AnonymousAccess.ASSESS),
                1,
                new HttpCounts(),
                Map.of(
                        "/echo", request -> Reply.text(200, request.body().text()),
                        "/page", request -> Reply.text(200, "page"),
                        "/big", request -> Reply.text(200, BIG)));
        server.start();
        return server;
    }

    private RemoteDoor remote() throws Exception {
        FileStatus status = new FileStatus(Clock.systemUTC());
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Passwords passwords = TestUsers.passwords(folder);
        String header = TestUsers.authorization(TestUsers.READER);
        assertThat(passwords.check(header, InetAddress.getLoopbackAddress()).proof())
                .as("from now on, it is known")
                .isEqualTo(Authentication.Proof.GOOD);
        credentials = "Authorization: " + header + "\r\n";
        trust = Certificate.trust(keystore);
        return new RemoteDoor("127.0.0.1", 0, Tls.of(keystore, password, status), passwords);
    }

    /** A user's request at the door for other machines. */
    private String sentBy(Stage stage) {
        return stage == Stage.A_WRONG_TOKEN
                ? stage.sent
                : stage.sent.replace("Host: localhost\r\n", "Host: localhost\r\n" + credentials);
    }

    private void come(int port, Stage stage, boolean reset) {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(30_000);
            Socket socket =
                    trust == null ? plain : trust.getSocketFactory().createSocket(plain, "localhost", port, false);
            if (trust == null || !stage.sent.isEmpty()) {
                socket.getOutputStream().write(sentBy(stage).getBytes(StandardCharsets.ISO_8859_1));
            }
            if (stage.waitsForAnswer()) {
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            if (reset) {
                plain.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // The server soon stops reading from a refused client, so sending may find a closed connection.
            assertThat(stage).isEqualTo(Stage.TOO_LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void nothingIsKeptOfThem(boolean reset, boolean secure) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(20);
        try (AgentHttpServer server = start(secure)) {
            int port = URI.create(server.url()).getPort();
            List<Future<?>> gone = new ArrayList<>();
            for (int i = 0; i < CLIENTS_PER_STAGE; i++) {
                for (Stage stage : Stage.values()) {
                    gone.add(clients.submit(() -> come(port, stage, reset)));
                }
            }
            for (Future<?> one : gone) {
                one.get();
            }

            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (server.connections() > 0) {
                assertThat(System.nanoTime())
                        .as("%s kept", server.connections())
                        .isLessThan(end);
                Thread.onSpinWait();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** Before the TLS handshake, and in the middle of it. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsKeptOfHalfAHandshake(boolean reset) throws Exception {
        try (AgentHttpServer server = start(true)) {
            int port = URI.create(server.url()).getPort();
            for (byte[] sent : List.of(
                    new byte[0],
                    new byte[] {0x16, 3, 1},
                    new byte[] {0x16, 3, 1, 2, 0, 1, 0},
                    "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1))) {
                for (int i = 0; i < CLIENTS_PER_STAGE; i++) {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.getOutputStream().write(sent);
                        socket.setSoLinger(reset, 0);
                    }
                }
            }

            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (server.connections() > 0) {
                assertThat(System.nanoTime())
                        .as("%s kept", server.connections())
                        .isLessThan(end);
                Thread.onSpinWait();
            }
        }
    }
}
