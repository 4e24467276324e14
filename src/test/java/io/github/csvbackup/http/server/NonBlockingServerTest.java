package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.text.PiecedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NonBlockingServerTest {
    private static final String HOST = "Host: localhost\r\n";

    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore waiting = new Semaphore(0);
    private final AtomicInteger decisions = new AtomicInteger();
    private final List<String> dropped = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private NonBlockingServer server;

    /** The path of a request decides how it is answered. */
    private final class Paths implements Service {
        @Override
        public Decision decideAtOnce(Head head, Client client) {
            return head.header("slow") != null ? null : decide(head, client);
        }

        @Override
        public Decision decide(Head head, Client client) {
            String path = head.uri().getPath();
            decisions.incrementAndGet();
            if (head.header("break") != null) {
                throw new IllegalStateException("of a decision");
            }
            return switch (path) {
                case "/refused" -> new Decision.Refused(text(403, "refused"));
                case "/health" -> new Decision.Admitted(Lane.HEALTH, body -> text(200, "well"));
                case "/peer" -> new Decision.Admitted(Lane.PEERS, body -> answer("/wait", body));
                case "/operator" -> new Decision.Admitted(Lane.OPERATORS, body -> text(200, "operator"));
                default -> new Decision.Admitted(Lane.READERS, body -> answer(path, body));
            };
        }

        private Answer answer(String path, byte[] body) {
            switch (path) {
                case "/wait" -> {
                    waiting.release();
                    await(release);
                }
                case "/error" -> throw new StackOverflowError("of an answer");
                case "/big" -> {
                    return text(200, "x".repeat(4_000_000));
                }
                default -> {}
            }
            return text(200, path + " " + new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public Answer refusal(int status, String sentence) {
            return text(status, sentence);
        }

        @Override
        public Answer failure() {
            return text(500, "failed");
        }

        @Override
        public void dropped(String phase) {
            dropped.add(phase);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer text(int status, String text) {
        return new Answer(status, Map.of("Content-Type", "text/plain"), PiecedText.of(text));
    }

    private void start(Limits limits) throws IOException {
        server = NonBlockingServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, limits, new Paths());
        server.start();
    }

    private void start() throws IOException {
        start(new Limits(200, 100, 1000, 1_000_000));
    }

    @AfterEach
    void end() throws IOException {
        release.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("csv-backup-http"));
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        return socket;
    }

    private Socket send(String text) throws IOException {
        Socket socket = connect();
        send(socket, text);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads one answer with its body from a connection that stays open. */
    private static String one(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("closed after: %s", head).isNotNegative();
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int length = Integer.parseInt(text.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        return text + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void requestsInOnePieceAreAnsweredInTheirOrder() throws Exception {
        start();
        Socket socket =
                send(get("/a") + "POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc" + get("/refused")
                        + get("/c") + "HEAD /d HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n" + get("/never"));

        assertThat(all(socket))
                .containsSubsequence("/a ", "/b abc", " 403 Forbidden", "/c ", "Content-Length: 3\r\nConnection: close")
                .endsWith("\r\n\r\n")
                .doesNotContain("/never");
    }

    @Test
    void httpOneZeroNeedsNoHostAndEndsItsConnection() throws Exception {
        start();

        assertThat(all(send("GET /a HTTP/1.0\r\n\r\n"))).endsWith("Connection: close\r\n\r\n/a ");
        assertThat(one(send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")))
                .contains("Connection: keep-alive\r\n");
    }

    @Test
    void continueIsSaidOnceTheRequestIsAdmitted() throws Exception {
        start();
        Socket socket = send("POST /b HTTP/1.1\r\n" + HOST
                + "Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
        assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.ISO_8859_1))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        send(socket, "abc");
        assertThat(all(socket)).endsWith("/b abc");

        assertThat(all(send("POST /refused HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")))
                .startsWith("HTTP/1.1 403");
        assertThat(all(send("POST /b HTTP/1.1\r\n" + HOST + "Expect: wonders\r\nContent-Length: 3\r\n\r\n")))
                .startsWith("HTTP/1.1 417");
    }

    /** A client that keeps sending still gets its answer. */
    @Test
    void aRefusalComesBeforeTheBody() throws Exception {
        start();
        Socket socket = send("POST /refused HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\nabc");
        assertThat(one(socket)).startsWith("HTTP/1.1 403").contains("Connection: close");
        send(socket, "x".repeat(50_000));
        assertThat(socket.getInputStream().read()).isNegative();

        assertThat(all(send("POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 1001\r\n\r\n")))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void whatIsNotHttpIsOneSentence() throws Exception {
        start();

        assertThat(all(send("nonsense\r\n\r\n"))).startsWith("HTTP/1.1 400").endsWith("separated by single spaces.");
        assertThat(all(send("\u0016\u0003\u0001\u0002"))).contains("This port uses plain HTTP, not TLS.");
    }

    @Test
    void anErrorIsAnAnswerAndTheConnectionGoesOn() throws Exception {
        start();
        Socket socket = send(get("/error"));
        assertThat(one(socket)).startsWith("HTTP/1.1 500");
        send(socket, get("/a"));
        assertThat(one(socket)).startsWith("HTTP/1.1 200");

        assertThat(one(send("GET /a HTTP/1.1\r\n" + HOST + "Slow: 1\r\nBreak: 1\r\n\r\n")))
                .startsWith("HTTP/1.1 500");
        assertThat(one(send("GET /a HTTP/1.1\r\n" + HOST + "Slow: 1\r\n\r\n"))).startsWith("HTTP/1.1 200");
        // A decision that fails on the server's own thread ends only that connection.
        assertThat(all(send("GET /a HTTP/1.1\r\n" + HOST + "Break: 1\r\n\r\n"))).isEmpty();
        assertThat(one(send(get("/a")))).startsWith("HTTP/1.1 200");
    }

    @Test
    void readersThatWaitKeepNeitherHealthNorOperatorsWaiting() throws Exception {
        start();
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(send(get("/wait")));
        }
        waiting.acquire(Lane.READERS.threads());

        assertThat(one(send(get("/health")))).endsWith("well");
        assertThat(one(send(get("/operator")))).endsWith("operator");

        release.countDown();
        for (Socket reader : readers) {
            assertThat(one(reader)).endsWith("/wait ");
        }
    }

    @Test
    void nodesThatWaitForAListKeepNobodyElseWaiting() throws Exception {
        start();
        List<Socket> nodes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            nodes.add(send(get("/peer")));
        }
        // Of one address.
        waiting.acquire(8);

        assertThat(one(send(get("/health")))).endsWith("well");
        assertThat(one(send(get("/operator")))).endsWith("operator");
        assertThat(one(send(get("/a")))).endsWith("/a ");

        release.countDown();
        for (Socket node : nodes) {
            assertThat(one(node)).endsWith("/wait ");
        }
    }

    /** An interrupt of a thread that uses a channel closes the channel, so it may end a connection or the listening socket. */
    @Test
    void foreignInterruptsEndNothing() throws Exception {
        start();
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("csv-backup-http"))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 20; i++) {
            thread.interrupt();
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.address().getPort())) {
                send(socket, get("/a"));
                thread.interrupt();
                int ignored = socket.getInputStream().read();
            } catch (IOException e) {
                assertThat(e)
                        .as("the interrupt hit this connection or the listening socket")
                        .isNotNull();
            }
        }
        until(() -> {
            try {
                return one(send(get("/a"))).endsWith("/a ");
            } catch (IOException | AssertionError e) {
                return false;
            }
        });
        assertThat(thread.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /a HTTP/1.1\r\nHo", "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"})
    void whoMakesNoProgressForLongestMakesRoom(String half) throws Exception {
        start(new Limits(20, 20, 1000, 1_000_000));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(send(half));
            int expected = i + 1;
            until(() -> server.connections() == expected);
        }

        Socket honest = connect();
        for (int i = 0; i < 15; i++) {
            // A client that sends each piece just in time, while others connect.
            send(honest, get("/a").substring(0, 10));
            slow.add(send(half));
            send(honest, get("/a").substring(10));
            assertThat(one(honest)).endsWith("/a ");
        }

        assertThat(slow.get(0).getInputStream().read()).as("the oldest").isNegative();
        assertThat(server.connections()).isLessThanOrEqualTo(20);
        // The last of them may be accepted after the answer.
        until(() -> dropped.size() == 16);
        assertThat(dropped).doesNotContain("accepted");
    }

    @Test
    void requestsUnderWayAreNotDropped() throws Exception {
        start(new Limits(4, 4, 1000, 1_000_000));
        List<Socket> working = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            working.add(send(get("/wait")));
        }
        waiting.acquire(4);

        assertThat(all(connect())).as("there is no room").isEmpty();
        assertThat(dropped).containsExactly("accepted");
        release.countDown();
        for (Socket each : working) {
            assertThat(one(each)).endsWith("/wait ");
        }
    }

    /** Many such clients cannot keep an operator out. */
    @Test
    void requestsThatWaitForTheirTurnAre() throws Exception {
        start(new Limits(20, 20, 1000, 1_000_000));
        for (int i = 0; i < 20; i++) {
            send(get("/wait"));
            int expected = i + 1;
            until(() -> server.connections() == expected);
        }
        // Before that, idle connections would be dropped to make room.
        until(() -> decisions.get() == 20);
        waiting.acquire(Lane.READERS.threads());

        until(() -> {
            try {
                return one(send(get("/operator"))).endsWith("operator");
            } catch (IOException | AssertionError e) {
                return false;
            }
        });
        assertThat(dropped).contains("turn");
    }

    /** Answers that slow readers have not read yet use the host's memory. */
    @Test
    void answersWaitWhileSlowReadersHoldTheMemoryAndThenTheSlowestIsDropped() throws Exception {
        start(new Limits(200, 100, 1000, 1_000_000));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            slow.add(send(get("/big")));
        }

        assertThat(one(send(get("/health")))).endsWith("well");
        assertThat(one(send(get("/operator")))).endsWith("operator");
        assertThat(one(send(get("/a")))).endsWith("/a ");
        assertThat(dropped).isNotEmpty().containsOnly("writing");
        // Nothing holds up the last requests any longer.
        assertThat(one(Objects.requireNonNull(slow.get(slow.size() - 1)))).endsWith("x".repeat(1000));
    }

    /** A reader that waits while answers use the memory is not dropped for the few bytes of another body. */
    @Test
    void answersAreNoReasonToDropBodies() throws Exception {
        start(new Limits(200, 100, 1000, 1_000_000));
        Socket slow = send(get("/big"));
        assertThat(slow.getInputStream().read()).isNotNegative();

        Socket first = send("POST /a HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\none");
        until(() -> decisions.get() == 2);
        Socket second = send("POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\ntwo");

        assertThat(one(first)).endsWith("/a one");
        assertThat(one(second)).endsWith("/b two");
        assertThat(dropped).containsOnly("writing");
    }

    /** A body that waits for its turn uses memory, too; a dropped request uses none. */
    @Test
    void bodiesThatWaitForTheirTurnMakeRoom() throws Exception {
        start(new Limits(200, 100, 1000, 10_000));
        String post = "POST /wait HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000);
        for (int i = 0; i < 30; i++) {
            send(post);
        }
        waiting.acquire(Lane.READERS.threads());
        until(() -> dropped.contains("turn"));

        assertThat(one(send("POST /operator HTTP/1.1\r\n" + HOST + "Content-Length: 900\r\n\r\n" + "y".repeat(900))))
                .endsWith("operator");
        assertThat(dropped).containsOnly("turn");
    }

    /** Whoever sends large bodies displaces such bodies, not the small ones of others. */
    @Test
    void largeBodiesDoNotDisplaceSmallOnes() throws Exception {
        start(new Limits(200, 100, 1000, 10_000));
        List<Socket> small = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            small.add(send("POST /wait HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\none"));
        }
        waiting.acquire(Lane.READERS.threads());
        until(() -> decisions.get() == small.size());
        for (int i = 0; i < 30; i++) {
            send("POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n" + "x".repeat(900));
        }
        until(() -> dropped.contains("body"));

        release.countDown();
        for (Socket each : small) {
            assertThat(one(each)).endsWith("/wait one");
        }
        assertThat(dropped).containsOnly("body");
    }

    /** The unread part of an answer is released, however the client ended. */
    @Test
    void clientsThatResetInTheAnswerLeaveNothingHeld() throws Exception {
        start(new Limits(200, 100, 1000, 100_000));
        for (int i = 0; i < 100; i++) {
            Socket socket = send(get("/big"));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.setSoLinger(true, 0);
            socket.close();
        }
        until(() -> server.connections() == 0);

        for (int i = 0; i < 3; i++) {
            assertThat(one(send(get("/a")))).endsWith("/a ");
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    void whoeverPipelinesWithoutEndKeepsNobodyWaiting() throws Exception {
        start();
        Socket greedy = connect();
        Thread sending = new Thread(() -> repeat(greedy, get("/refused").repeat(100)));
        Thread reading = new Thread(() -> drain(greedy));
        sending.start();
        reading.start();
        for (int i = 0; i < 50; i++) {
            assertThat(one(send(get("/health")))).endsWith("well");
        }
        greedy.close();
        sending.join();
        reading.join();
    }

    private static void repeat(Socket socket, String text) {
        try {
            while (true) {
                send(socket, text);
            }
        } catch (IOException e) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private static void drain(Socket socket) {
        try {
            byte[] bytes = new byte[64 * 1024];
            while (socket.getInputStream().read(bytes) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void anInterruptedCallerClosesAllTheSame() throws Exception {
        start();
        Socket open = send(get("/a"));
        assertThat(one(open)).endsWith("/a ");

        Thread.currentThread().interrupt();
        server.close();
        assertThat(Thread.interrupted()).isTrue();

        assertThat(open.getInputStream().read()).isNegative();
        until(() -> server.connections() == 0);
    }

    @Test
    void bodiesThatNeverEndMakeRoomForOthers() throws Exception {
        start(new Limits(200, 100, 1000, 10_000));
        for (int i = 0; i < 50; i++) {
            send("POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n" + "x".repeat(900));
        }
        assertThat(one(send("POST /b HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n" + "y".repeat(1000))))
                .endsWith("y");
        assertThat(dropped).isNotEmpty().containsOnly("body");
    }
}
