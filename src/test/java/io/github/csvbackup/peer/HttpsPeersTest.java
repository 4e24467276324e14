package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.management.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions to agents that answer as they should. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpsPeersTest {
    @TempDir
    static Path folder;

    private static TestAuthority authority;
    private static Path node1;
    private static Path node2;

    private PlayedServer server;
    private PeerWorld world;

    @BeforeAll
    static void certificates() throws Exception {
        authority = TestAuthority.create(folder.resolve("ca"), "HV1");
        node1 = authority.issue("NODE1.example.com");
        node2 = authority.issue("node2.EXAMPLE.com");
    }

    @BeforeEach
    void start() throws Exception {
        server = PlayedServer.of(node2, authority.trust()).answers(200, PeerWorld::answer);
        world = new PeerWorld(node1, authority.trust());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void theAnswerOfAnAgentCounts() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            assertThat(peers.ask("NODE2", false)).isEqualTo(PeerWorld.EVIDENCE);
            assertThat(peers.ask("NODE2", true).shadowCopies()).isNotNull();
        }

        assertThat(server.heads.get(0))
                .startsWith("POST /jolokia/ HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
        assertThat(server.bodies.get(0))
                .matches("\\{\"arguments\":\\[\"[0-9a-f]{32}\",false],\"mbean\":\""
                        + Registration.name("CsvBackupState")
                        + "\",\"operation\":\"localEvidence\",\"type\":\"exec\"}");
        assertThat(PeerWorld.arguments(server.bodies.get(1)).get(0))
                .isNotEqualTo(PeerWorld.arguments(server.bodies.get(0)).get(0));
        assertThat(world.last()).isEqualTo("ANSWERED: version 1.2: VSS STOPPED for 240 s, swprv RUNNING. ");
        assertThat(world.records.counts())
                .containsEntry(PeerOutcome.ANSWERED, 2L)
                .containsEntry(PeerOutcome.TLS, 0L);
    }

    @Test
    void itAsksWithTheCertificateOfItsNode() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
        }
        assertThat(server.clients.get(0).getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1))
                        .toList())
                .isEqualTo(List.of("NODE1.example.com"));
    }

    @Test
    void oneConnectionServesSeveralQuestions() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            world.clock.advance(Duration.ofSeconds(25));
            peers.closeIdle();
            peers.ask("NODE2", false);
            assertThat(server.clients).hasSize(1);

            world.clock.advance(Duration.ofSeconds(26));
            peers.ask("NODE2", false);
            assertThat(server.clients).hasSize(2);
        }
    }

    @Test
    void aKeptConnectionThatTheOtherSideClosedIsNoFailure() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            server.closeConnections();
            peers.ask("NODE2", false);
        }
        assertThat(server.clients).hasSize(2);
        assertThat(world.records.counts()).containsEntry(PeerOutcome.ANSWERED, 2L);
    }

    /** A list starts the VSS service, so a question for one arrives at most once. */
    @Test
    void aQuestionForShadowCopiesIsSentOnceOverANewConnection() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            server.plays((socket, body, out) -> false);
            assertThatThrownBy(() -> peers.ask("NODE2", true)).hasMessageContaining("without an answer");
            assertThat(server.bodies).hasSize(2);
            assertThat(server.clients).hasSize(2);

            server.answers(200, PeerWorld::answer);
            peers.ask("NODE2", true);
            peers.ask("NODE2", false);
            assertThat(server.bodies).hasSize(4);
            assertThat(server.clients)
                    .as("a connection serves services after a list")
                    .hasSize(3);
        }
    }

    @Test
    void aConnectionThatWasNotUsedForAWhileIsClosed() throws Exception {
        List<Boolean> ended = new CopyOnWriteArrayList<>();
        CountDownLatch seen = new CountDownLatch(1);
        server.plays((socket, body, out) -> {
            byte[] text = PeerWorld.answer(body).getBytes(StandardCharsets.UTF_8);
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + text.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(text);
            out.flush();
            try {
                ended.add(socket.getInputStream().read() < 0);
            } catch (IOException e) {
                // Closed without the farewell of TLS.
                ended.add(true);
            }
            seen.countDown();
            return false;
        });
        try (HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            peers.closeIdle();
            assertThat(seen.getCount()).isEqualTo(1);
            world.clock.advance(Duration.ofSeconds(26));
            peers.closeIdle();
            assertThat(seen.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(ended).containsExactly(true);
        }
    }

    /** java.net.URI and the server name of TLS know no such host, and Windows allows it. */
    @Test
    void theNameOfANodeMayHaveAnUnderscore() throws Exception {
        Path node3 = authority.issue("NODE_3.example.com");
        try (PlayedServer third = PlayedServer.of(node3, authority.trust());
                HttpsPeers peers = world.asking(third)) {
            third.answers(200, body -> PeerWorld.answer(body, told -> Told.node(told, "node_3")));
            assertThat(peers.ask("NODE_3", false)).isEqualTo(PeerWorld.EVIDENCE);
        }
    }

    @Test
    void neitherItsOwnNodeNorOneThatIsOffIsAsked() throws Exception {
        try (HttpsPeers peers = world.asking(server)) {
            assertThat(peers.asks("node1")).isFalse();
            assertThat(peers.asks("node4")).isFalse();
            assertThat(peers.asks("NODE2")).isTrue();
            assertThat(peers.asks("NODE5")).isTrue();
            assertThat(peers.status())
                    .extracting(PeerStatus::node, PeerStatus::said)
                    .containsExactly(
                            tuple("NODE2", "was not asked since this agent started"),
                            tuple("NODE_3", "was not asked since this agent started"),
                            tuple("NODE4", "is in the option peers, but not in the cluster"));
        }
    }

    private void notAsked(OwnCluster own, String why) throws Exception {
        world.own = own;
        server.answers(
                200,
                body -> PeerWorld.answer(
                        body, told -> Told.disks(told, own.sharedDisks().toArray(String[]::new))));
        try (HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).hasMessageContaining(why);
        }
        assertThat(world.last()).startsWith("NOT_READY: the agent of NODE2 was not asked, because this agent has not");
        assertThat(server.clients).isEmpty();
    }

    /** Without a disk, all clusters would be the same. */
    @Test
    void twoClustersWithoutDisksAreNotTheSame() throws Exception {
        notAsked(
                new OwnCluster("NODE1", List.of("NODE1", "NODE2"), false, List.of(), true),
                "has not read the shared disks of its own cluster yet");
    }

    /** The disks that it knows would look like those of another cluster. */
    @Test
    void anAgentThatDoesNotKnowAllItsDisksAsksNone() throws Exception {
        notAsked(
                new OwnCluster("NODE1", List.of("NODE1", "NODE2"), false, List.of("0a"), false),
                "has not read all shared disks yet");
    }

    @Test
    void theEndOfTheAgentEndsAQuestion() throws Exception {
        HttpsPeers peers = world.asking(server);
        server.plays((socket, body, out) -> {
            peers.close();
            return true;
        });
        assertThatThrownBy(() -> peers.ask("NODE2", false))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("this agent stops");
        assertThatThrownBy(() -> peers.ask("NODE2", false)).hasMessageContaining("this agent stops");
        server.answers(200, PeerWorld::answer);
    }
}
