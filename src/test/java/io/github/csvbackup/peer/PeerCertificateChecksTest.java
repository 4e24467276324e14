package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.files.PrivateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates the agent accepts of others, and which it shows itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PeerCertificateChecksTest {
    @TempDir
    static Path folder;

    private static TestAuthority authority;
    private static TestAuthority foreign;
    private static Path node1;
    private static Path node2;

    private PeerWorld world;

    @BeforeAll
    static void certificates() throws Exception {
        authority = TestAuthority.create(folder.resolve("ca"), "HV1");
        foreign = TestAuthority.create(folder.resolve("foreign"), "HV1");
        node1 = authority.issue("NODE1.example.com");
        node2 = authority.issue("NODE2.example.com");
    }

    @BeforeEach
    void world() throws Exception {
        world = new PeerWorld(node1, authority.trust());
    }

    private static PlayedServer server(Path certificate) throws Exception {
        return PlayedServer.of(certificate, authority.trust()).answers(200, PeerWorld::answer);
    }

    /** The reason and the remedy; the server got no request. */
    private String refused(Path certificate) throws Exception {
        try (PlayedServer server = server(certificate);
                HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).isInstanceOf(ClusterException.class);
            assertThat(server.bodies).isEmpty();
            return world.last().replace("https://127.0.0.1:" + server.port() + "/", "URL");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NODE2", "NODE_3.example.com", "*.example.com", "NODE2.example.org", "NODE2.example.com.x"})
    void aCertificateForAnotherName(String name) throws Exception {
        assertThat(refused(authority.issue(name)))
                .isEqualTo("TLS: the certificate of the agent of NODE2 at URL is for " + name
                        + " and not for NODE2.example.com. Give that node a certificate with this name in Subject Alternative"
                        + " Name. If the address leads to another machine, correct it.");
    }

    @ParameterizedTest
    @CsvSource({
        "-9d, expired on, Renew the certificate of that node: certificates renew.",
        "+1d, is not valid before, Compare the clocks of both nodes.",
    })
    void aCertificateOfAnotherTime(String start, String message, String remedy) throws Exception {
        assertThat(refused(authority.issue("NODE2.example.com", "-startdate", start, "-validity", "8")))
                .startsWith("TLS: the certificate of the agent of NODE2 at URL " + message + " 20")
                .endsWith("Z. " + remedy);
    }

    /** Its authority has the same name and another key. */
    @Test
    void aCertificateOfAnotherAuthority() throws Exception {
        assertThat(refused(foreign.issue("NODE2.example.com")))
                .startsWith("TLS: the certificate of the agent of NODE2 at URL does not verify with the authorities in"
                        + " tls-trust (")
                .endsWith(
                        "). Use certificates of the same authority on all nodes, or add its certificate to tls-trust of this"
                                + " node.");
    }

    @Test
    void aCertificateThatIsNotForServers() throws Exception {
        assertThat(refused(
                        authority.issue("NODE2.example.com", "-ext", "eku=clientAuth", "-ext", "ku=digitalSignature")))
                .startsWith("TLS: the certificate of the agent of NODE2 at URL does not verify");
    }

    @Test
    void theOtherSideDoesNotTrustThisNode() throws Exception {
        try (PlayedServer server = PlayedServer.of(node2, foreign.trust()).answers(200, PeerWorld::answer);
                HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false)).isInstanceOf(ClusterException.class);
            // If the alert is lost in the reset of the connection, only the end of the connection is seen.
            assertThat(world.last()).containsPattern("^(TLS|LOST): ").contains("tls-trust");
        }
    }

    @Test
    void thisNodesOwnCertificateHasNoFullName() throws Exception {
        world = new PeerWorld(authority.issue("NODE1"), authority.trust());
        try (PlayedServer server = server(node2);
                HttpsPeers peers = world.asking(server)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false))
                    .hasMessage(
                            "the agent of NODE2 was not asked, because the certificate of this node has no full DNS name"
                                    + " that begins with NODE1, which says the domain of all nodes");
            assertThat(server.clients).isEmpty();
        }
    }

    /** The file is replaced while the agent runs. */
    @Test
    void afterARenewalNothingSpeaksWithTheOldCertificate() throws Exception {
        Path file = folder.resolve("renewed.pem");
        PrivateFile.write(file, Files.readAllBytes(node1));
        world = new PeerWorld(file, authority.trust());
        Path renewed = authority.issue("NODE1.example.com", "-validity", "300");
        try (PlayedServer server = server(node2);
                HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            PrivateFile.write(file, Files.readAllBytes(renewed));
            peers.ask("NODE2", false);
            server.closeConnections();
            peers.ask("NODE2", false);

            assertThat(server.clients)
                    .extracting(X509Certificate::getNotAfter)
                    .hasSize(3)
                    .satisfies(
                            ends -> assertThat(ends.get(1)).isAfter(ends.get(0)).isEqualTo(ends.get(2)));
        }
    }

    @Test
    void afterAChangeOfTrustNoKeptConnectionIsUsed() throws Exception {
        Path file = folder.resolve("trust.pem");
        PrivateFile.write(file, authority.trustText());
        world = new PeerWorld(node1, file);
        try (PlayedServer server = server(node2);
                HttpsPeers peers = world.asking(server)) {
            peers.ask("NODE2", false);
            PrivateFile.write(file, foreign.trustText() + "\n");
            assertThatThrownBy(() -> peers.ask("NODE2", false)).hasMessageContaining("does not verify");
            assertThat(server.bodies).hasSize(1);
        }
    }

    /** A clock that the test moves while a connection is kept. */
    @Test
    void aKeptConnectionEndsWithTheCertificateOfEitherSide() throws Exception {
        Path shorter = authority.issue("NODE2.example.com", "-validity", "20");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        InstantSource source = now::get;
        try (PlayedServer server = server(shorter);
                HttpsPeers peers = world.asking(
                        server.port(),
                        Duration.ofSeconds(20),
                        source.withZone(java.time.ZoneOffset.UTC),
                        AnswerCheck.ALL)) {
            peers.ask("NODE2", false);
            now.set(Instant.now().plus(Duration.ofDays(30)));
            assertThatThrownBy(() -> peers.ask("NODE2", false))
                    .hasMessageContaining("the certificate of the agent of NODE2")
                    .hasMessageContaining("expired on");
            now.set(Instant.now().plus(Duration.ofDays(1000)));
            assertThatThrownBy(() -> peers.ask("NODE2", false))
                    .hasMessageStartingWith("the certificate of this node expired on");
            assertThat(server.bodies).hasSize(1);
        }
    }

    @Test
    void theTimeOfAVirtualMachineMayBeWrong() throws Exception {
        Clock early = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));
        try (PlayedServer server = server(node2);
                HttpsPeers peers = world.asking(server.port(), Duration.ofSeconds(20), early, AnswerCheck.ALL)) {
            assertThatThrownBy(() -> peers.ask("NODE2", false))
                    .hasMessageStartingWith("the certificate of this node is not valid before");
        }
    }
}
