package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.Certificate;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which node a verified certificate is for. */
class PeerCertificatesTest {
    private static final List<String> NODES = List.of("NODE1", "NODE2", "NODE_3");

    private static Optional<String> node(String... names) {
        return PeerCertificates.node(List.of(names), NODES, "example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "NODE2.example.com, NODE2",
        "node2.EXAMPLE.com, NODE2",
        "NODE1.example.com, NODE1",
        "NODE_3.example.com, NODE_3",
    })
    void theFullNameOfANodeInAnyCase(String name, String node) {
        assertThat(node(name)).contains(node);
        assertThat(node("alias.example.com", "NODE2", name)).contains(node);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NODE2",
                "NODE2.",
                "NODE2.example.com.",
                "NODE2.example.org",
                "NODE2.example.com.example.org",
                "NODE2.sub.example.com",
                "x.NODE2.example.com",
                "NODE20.example.com",
                "NODE9.example.com",
                "*.example.com",
                "NODE*.example.com",
                "NODE2.*",
                "*",
                "",
                "example.com",
                "NODE2 .example.com",
                "NODE2.example.com\u0000.example.org",
                "NODE2.exam\uff50le.com",
            })
    void nothingElse(String name) {
        assertThat(node(name)).isEmpty();
        assertThat(node("other.example.com", name)).isEmpty();
    }

    /** The Kelvin sign is a lower-case k for Java. */
    @Test
    void lettersThatLookDifferentAreNotTheSame() {
        assertThat(PeerCertificates.node(List.of("\u212aNOT.example.com"), List.of("KNOT"), "example.com"))
                .isEmpty();
        assertThat(PeerCertificates.node(List.of("KNOT.example.com"), List.of("KNOT"), "example.com"))
                .contains("KNOT");
    }

    @Test
    void theDomainIsThatOfTheOwnFullName() {
        assertThat(PeerCertificates.domain(List.of("alias.example.org", "node1.example.com", "NODE1"), "NODE1"))
                .contains("example.com");
        assertThat(PeerCertificates.domain(List.of("node1.EXAMPLE.com", "NODE1.example.com"), "NODE1"))
                .as("the same one twice")
                .contains("example.com");
        for (List<String> names : List.of(
                List.<String>of(),
                List.of("NODE1.example.com", "NODE1.example.org"),
                List.of("NODE1"),
                List.of("NODE1."),
                List.of("NODE10.example.com"),
                List.of("*.example.com"))) {
            assertThat(PeerCertificates.domain(names, "NODE1")).as("%s", names).isEmpty();
        }
        assertThat(PeerCertificates.domain(List.of(".example.com"), ""))
                .as("the own name is not known yet")
                .isEmpty();
    }

    @TempDir
    Path folder;

    private Clock clock = Clock.systemUTC();

    private X509Certificate certificate(String commonName, String names) throws Exception {
        Path file = Certificate.make(folder.resolve("p12"), commonName, "127.0.0.1", "-ext", "san=" + names);
        return (X509Certificate) KeyStore.getInstance(file.toFile(), Certificate.PASSWORD.toCharArray())
                .getCertificate("agent");
    }

    private PeerCertificates peers(Collection<String> nodes, String ownNode) {
        ServerCertificate own =
                new ServerCertificate(Instant.EPOCH, Instant.MAX, List.of("NODE1.example.com", "NODE1"));
        return new PeerCertificates(() -> nodes, () -> ownNode, () -> own, clock);
    }

    @Test
    void aRealCertificate() throws Exception {
        assertThat(peers(NODES, "NODE1").identify(certificate("x", "dns:node2.example.com,dns:node2")))
                .contains(new Identity("NODE2", Role.PEER));
        assertThat(peers(NODES, "NODE1").identify(certificate("NODE2.example.com", "dns:x.example.com")))
                .as("the common name does not count")
                .isEmpty();
        assertThat(peers(NODES, "NODE1")
                        .identify(certificate("x", "uri:https://NODE2.example.com,email:node@NODE2.example.com")))
                .as("only DNS names count")
                .isEmpty();
        X509Certificate of2 = certificate("x", "dns:NODE2.example.com");
        assertThat(peers(List.of(), "NODE1").identify(of2))
                .as("the nodes are not known yet")
                .isEmpty();
        assertThat(peers(NODES, "").identify(of2))
                .as("the own name is not known yet")
                .isEmpty();
        assertThat(peers(NODES, "NODE9").identify(of2))
                .as("the own certificate does not say the domain")
                .isEmpty();
    }

    /** TLS does not look at the end of a session that is resumed, nor at that of a kept connection. */
    @Test
    void notAfterItsEnd() throws Exception {
        X509Certificate certificate = certificate("x", "dns:NODE2.example.com");
        Instant end = certificate.getNotAfter().toInstant();
        clock = Clock.fixed(end, ZoneOffset.UTC);
        assertThat(peers(NODES, "NODE1").identify(certificate)).isPresent();
        clock = Clock.offset(clock, Duration.ofSeconds(1));
        assertThat(peers(NODES, "NODE1").identify(certificate)).isEmpty();
    }
}
