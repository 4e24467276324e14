package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.json.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not count as an answer, with its reason and its remedy. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostilePeersTest {
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir
    static Path folder;

    private static TestAuthority authority;
    private static Path node1;
    private static Path node2;

    private final CountDownLatch end = new CountDownLatch(1);
    private PlayedServer server;
    private PeerWorld world;
    private String url;

    @BeforeAll
    static void certificates() throws Exception {
        authority = TestAuthority.create(folder.resolve("ca"), "HV1");
        node1 = authority.issue("NODE1.example.com");
        node2 = authority.issue("NODE2.example.com");
    }

    @BeforeEach
    void start() throws Exception {
        server = PlayedServer.of(node2, authority.trust());
        world = new PeerWorld(node1, authority.trust());
        url = "the agent of NODE2 at https://127.0.0.1:" + server.port() + "/";
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        server.close();
    }

    private void refused(Duration patience, boolean withShadowCopies, String expected) throws Exception {
        try (HttpsPeers peers = world.asking(server.port(), patience, Clock.systemUTC(), AnswerCheck.ALL)) {
            assertThatThrownBy(() -> peers.ask("NODE2", withShadowCopies)).isInstanceOf(ClusterException.class);
        }
        assertThat(world.last()).isEqualTo(expected.replace("URL", url));
    }

    private void refused(String expected) throws Exception {
        refused(Duration.ofSeconds(20), false, expected);
    }

    private static final String HANGS =
            " took the connection and did not answer within 700 ms. Check the agent on NODE2: its"
                    + " log and its self test. Restart it if it hangs.";

    @Test
    void silence() throws Exception {
        server.plays((socket, body, out) -> end.await(1, TimeUnit.MINUTES));
        refused(SHORT, false, "TIMEOUT: URL" + HANGS);
    }

    /** Each byte would begin a timeout of the socket again. */
    @Test
    void aByteNowAndThen() throws Exception {
        server.plays((socket, body, out) -> {
            for (char c : "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                    .repeat(100)
                    .toCharArray()) {
                out.write(c);
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                if (end.getCount() == 0) {
                    break;
                }
            }
            return false;
        });
        refused(SHORT, false, "TIMEOUT: URL" + HANGS);
    }

    /** As after a cut in the network: the system takes the connection, and no program answers. */
    @Test
    void aConnectionWithoutAHandshake() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpsPeers peers = world.asking(listener.getLocalPort(), SHORT, Clock.systemUTC(), AnswerCheck.ALL)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).hasMessageContaining("did not answer within 700 ms");
        }
        assertThat(world.last()).startsWith("TIMEOUT: ");
    }

    /** Connections wait in the queue of a listener that accepts none, or are dropped when it is full: both without an answer. */
    @Test
    void connectingHasAShorterLimitThanAListOfShadowCopies() throws Exception {
        world.connecting = SHORT;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpsPeers peers = world.asking(
                        listener.getLocalPort(), Duration.ofMinutes(10), Clock.systemUTC(), AnswerCheck.ALL)) {
            assertThatThrownBy(() -> peers.ask("NODE2", true)).hasMessageContaining("did not answer within 700 ms");

            List<Socket> queued = new ArrayList<>();
            try {
                while (queued.size() < 20 && isTaken(listener, queued)) {
                    // The next one may not be.
                }
                assertThat(queued).hasSizeLessThan(20);
                assertThatThrownBy(() -> peers.ask("NODE2", true))
                        .hasMessageContaining("took no connection within 700 ms");
            } finally {
                for (Socket each : queued) {
                    each.close();
                }
            }
        }
        assertThat(world.last()).startsWith("TIMEOUT: ");
    }

    private static boolean isTaken(ServerSocket listener, List<Socket> queued) throws Exception {
        Socket socket = new Socket();
        queued.add(socket);
        try {
            socket.connect(listener.getLocalSocketAddress(), 300);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** The limit for connecting is not one for the answer. */
    @Test
    void anAnswerMayTakeLongerThanConnecting() throws Exception {
        world.connecting = Duration.ofSeconds(5);
        server.plays((socket, body, out) -> end.await(1, TimeUnit.MINUTES));
        refused(Duration.ofSeconds(3), true, "TIMEOUT: URL" + HANGS.replace("700 ms", "6 s"));
    }

    @Test
    void noProgramListens() throws Exception {
        server.close();
        refused(
                "UNREACHABLE: URL took no connection: Connection refused. Check that the agent on NODE2 runs with remote-host"
                        + " and this port, and that its firewall lets TCP port " + server.port() + " through.");
    }

    private static final String LOST =
            " Check the log of the agent on NODE2. If it rejects the certificate of this node, its"
                    + " tls-trust lacks the authority.";

    @Test
    void theConnectionEndsBeforeTheAnswer() throws Exception {
        server.plays((socket, body, out) -> false);
        refused("LOST: URL closed the connection without an answer (the connection ended without an answer)." + LOST);
    }

    @Test
    void theConnectionIsReset() throws Exception {
        server.plays((socket, body, out) -> {
            socket.setSoLinger(true, 0);
            return false;
        });
        try (HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).hasMessageContaining("closed the connection");
        }
        assertThat(world.last()).startsWith("LOST: ").endsWith(LOST);
    }

    @Test
    void theConnectionEndsWithinTheAnswer() throws Exception {
        server.says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}");
        refused(
                "LOST: URL closed the connection within its answer (the connection ended after 2 of 10 bytes of the answer)."
                        + LOST);
        server.says("HTTP/1.1 200 OK\r\nContent-");
        refused(
                "LOST: URL closed the connection within its answer (the connection ended within the head of the answer)."
                        + LOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSH-2.0-OpenSSH_9.2\\r\\n                                    | sent something that is not HTTP",
                "HTTP/1.1 OK\\r\\n\\r\\n                                      | sent something that is not HTTP",
                "HTTP/2 200\\r\\n\\r\\n                                       | sent something that is not HTTP",
                "HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}         | sent HTTP/1.0, which no agent does",
                "HTTP/1.1 200 OK\\r\\n\\r\\n{}                                | sent an answer without its length",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nContent-Length: 3\\r\\n\\r\\n{} | sent an answer with two lengths",
                "HTTP/1.1 200 OK\\r\\nContent-Length: -2\\r\\n\\r\\n{}        | sent a length that is not a number",
                "HTTP/1.1 200 OK\\r\\nno colon\\r\\n\\r\\n                    | sent a header line without a name",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n | sent an answer in chunks, which no agent does",
                "HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\nContent-Length: 2\\r\\n\\r\\n{} | sent a compressed answer, which was not asked for",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 262145\\r\\n\\r\\n{}    | sent an answer of 262145 bytes, and at most 262144 are read",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n{} | sent an answer of 99999999999999999999 bytes, and at most 262144 are read",
            })
    void whatNoAgentSends(String text, String message) throws Exception {
        server.says(text.replace("\\r\\n", "\r\n"));
        refused("MALFORMED: URL " + message + ". Check which program listens there.");
    }

    @Test
    void aHeadWithoutAnEnd() throws Exception {
        server.plays((socket, body, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write("X: y\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII));
            }
        });
        refused("MALFORMED: URL sent a head that is too long. Check which program listens there.");
        server.plays((socket, body, out) -> {
            while (true) {
                out.write(new byte[8192]);
            }
        });
        refused("MALFORMED: URL sent something that is not HTTP. Check which program listens there.");
    }

    @Test
    void anAnswerOfTheLargestSizeIsRead() throws Exception {
        server.answers(200, body -> {
            String answer = PeerWorld.answer(body);
            return answer + " ".repeat(HttpAnswer.LARGEST - answer.length());
        });
        try (HttpsPeers peers = world.asking(server)) {
            assertThat(peers.ask("NODE2", false)).isEqualTo(PeerWorld.EVIDENCE);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (PlayedServer other = PlayedServer.of(node2, authority.trust()).answers(200, PeerWorld::answer)) {
            String there = "https://127.0.0.1:" + other.port() + "/jolokia/";
            server.says("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + there + "\r\nContent-Length: 0\r\n\r\n");
            refused("REDIRECTED: URL answered with a redirect to " + there
                    + ", which is never followed. Name the address of the agent itself with the option peers.");
            assertThat(other.clients).isEmpty();
        }
    }

    private static final String NOT_A_PEER =
            "Check on NODE2 that the agent has tls-trust and the same version as this one, that its last poll"
                    + " succeeded (/healthz), and that the cluster lists this node. The certificates of both nodes need their full DNS names in the same domain.";

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void theOtherSideDoesNotKnowThisNode(int status) throws Exception {
        server.answers(status, body -> "This address needs a name.\n");
        refused("FORBIDDEN: URL does not accept this node as a peer (status " + status
                + ": This address needs a name). " + NOT_A_PEER);
        server.answers(200, body -> "{\"status\":" + status + ",\"error\":\"no peer\"}");
        refused("FORBIDDEN: URL does not let this node ask: no peer. " + NOT_A_PEER);
    }

    @Test
    void theOtherVersionHasNoSuchOperation() throws Exception {
        server.answers(404, body -> "");
        refused(
                "UNSUPPORTED: URL cannot be asked for evidence (status 404). Check which program listens there, and give all"
                        + " nodes the same version of the agent.");
        server.answers(200, body -> "{\"status\":404,\"error\":\"no such MBean\"}");
        refused(
                "UNSUPPORTED: URL has a version that cannot be asked for evidence: no such MBean. Give all nodes the same"
                        + " version of the agent.");
    }

    @Test
    void theOtherSideFails() throws Exception {
        server.answers(503, body -> "busy");
        refused("FAILED: URL failed (status 503: busy). Check the log of the agent on NODE2.");
        server.answers(429, body -> "too many");
        refused("FAILED: URL was asked too often (status 429: too many). Try again in a second.");
        String arrays = "[".repeat(100_000) + "]".repeat(100_000);
        server.answers(200, body -> "{\"status\":500,\"error\":" + arrays + "}");
        refused("FAILED: URL failed: an array. Check the log of the agent on NODE2.");
        server.answers(200, body -> "{\"status\":500,\"error\":\"out of luck\"}");
        refused("FAILED: URL failed: out of luck. Check the log of the agent on NODE2.");
        server.answers(204, body -> "");
        refused("FAILED: URL failed (status 204). Check the log of the agent on NODE2.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>",
                "{",
                "[]",
                "{\"status\":\"200\"}",
                "{\"value\":{}}",
                "null",
                "''",
                "\u0000",
                "[[[[[[[[[[",
                "{\"status\":1e9}"
            })
    void whatIsNotTheAnswerOfAnAgent(String text) throws Exception {
        server.answers(200, body -> text);
        refused("MALFORMED: URL sent something that is not the answer of an agent. Check which program listens there.");
    }

    @Test
    void evidenceThatCannotBeRead() throws Exception {
        server.answers(200, body -> Json.write(Map.of("status", 200, "value", Map.of("question", "x"))));
        try (HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).isInstanceOf(ClusterException.class);
        }
        assertThat(world.last())
                .startsWith("MALFORMED: " + url + " sent evidence that this version cannot read: ")
                .endsWith(" Give all nodes the same version of the agent.");
    }

    /** A check that is left out on purpose lets the answer count, so each answer is refused by that check alone. */
    private void refusedByOneCheck(
            UnaryOperator<LocalEvidence> change, boolean withShadowCopies, PeerOutcome outcome, String expected)
            throws Exception {
        server.answers(200, body -> PeerWorld.answer(body, change));
        refused(Duration.ofSeconds(20), withShadowCopies, outcome + ": " + expected);
        AnswerCheck withABug = new AnswerCheck(Set.of(outcome));
        try (HttpsPeers peers = world.asking(server.port(), Duration.ofSeconds(20), Clock.systemUTC(), withABug)) {
            assertThat(peers.ask("NODE2", withShadowCopies)).isEqualTo(PeerWorld.EVIDENCE);
        }
    }

    @Test
    void theAnswerToAnotherQuestion() throws Exception {
        refusedByOneCheck(
                told -> Told.question(told, "0123456789abcdef0123456789abcdef"),
                false,
                PeerOutcome.OTHER_QUESTION,
                "URL answered another question. Restart the agent on NODE2.");
    }

    @Test
    void theAnswerOfAnotherNode() throws Exception {
        refusedByOneCheck(
                told -> Told.node(told, "NODE_3"),
                false,
                PeerOutcome.OTHER_NODE,
                "URL says that it runs on NODE_3. Correct the address of NODE2, in DNS or in the option peers.");
    }

    @Test
    void theAnswerOfASimulatedAgent() throws Exception {
        refusedByOneCheck(
                Told::simulated,
                false,
                PeerOutcome.SIMULATED,
                "URL watches a simulated cluster. Use the same backend on all nodes.");
    }

    /** Another cluster may have the same names. */
    @Test
    void theAnswerOfAnotherCluster() throws Exception {
        for (String[] disks : List.of(new String[] {"0c"}, new String[0])) {
            refusedByOneCheck(
                    told -> Told.disks(told, disks),
                    false,
                    PeerOutcome.OTHER_CLUSTER,
                    "URL lists none of the shared disks of this node: it belongs to another cluster (HV1). Correct the address"
                            + " of NODE2, in DNS or in the option peers.");
        }
    }

    @Test
    void theAnswerOfAnAgentThatListsADiskMoreOrLess() throws Exception {
        for (String[] disks : List.of(new String[] {"0a"}, new String[] {"0a", "0b", "0c"})) {
            refusedByOneCheck(
                    told -> Told.disks(told, disks),
                    false,
                    PeerOutcome.OTHER_CLUSTER,
                    "URL lists only some of the shared disks of this node, or more, as if a disk was just added or removed."
                            + " Try again after the next poll. If that does not help, run the self test of both agents: their"
                            + " polls may fail.");
        }
    }

    @Test
    void anAnswerWithoutTheShadowCopies() throws Exception {
        refusedByOneCheck(
                Told::withoutShadowCopies,
                true,
                PeerOutcome.MALFORMED,
                "URL was asked for its shadow copies and did not list them. Give all nodes the same version of the agent.");
    }

    /** What follows an answer is not the answer to the next question. */
    @Test
    void anAnswerInAdvance() throws Exception {
        server.plays((socket, body, out) -> {
            String text = PeerWorld.answer(body);
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
            out.write((answer + answer).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return true;
        });
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            peers.ask("NODE2", false);
        }
        assertThat(world.records.counts()).containsEntry(PeerOutcome.ANSWERED, 2L);
        assertThat(server.clients).hasSize(2);
    }

    @Test
    void aProgramWithoutTls() throws Exception {
        try (PlayedServer plain = PlayedServer.plain().says("HTTP/1.1 400 Bad Request\r\n\r\n");
                HttpsPeers peers = world.asking(plain)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).isInstanceOf(ClusterException.class);
        }
        assertThat(world.last())
                .startsWith("TLS: the TLS handshake with the agent of NODE2 at https://127.0.0.1:")
                .endsWith("). Check which program listens there: an agent with remote-host speaks TLS 1.2 and 1.3.");
    }
}
