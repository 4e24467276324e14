package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.security.PeerCertificates;
import io.github.csvbackup.security.ServerCertificate;
import io.github.csvbackup.text.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The warnings about the server's certificate. */
class CertificateWatchTest {
    private static final Times TIMES = new Times(instant -> ZoneOffset.ofHoursMinutes(5, 30));

    private final MovableClock clock = new MovableClock();
    private Instant begin = clock.instant().minus(Duration.ofDays(300));
    private Instant end = clock.instant().plus(Duration.ofDays(40));
    private List<String> names = List.of("NODE1.example.com", "NODE1");
    private String node = "NODE1";

    private @Nullable PeerCertificates peers;

    private record Said(List<String> log, List<String> events) {}

    /** Checks each hour. */
    private Said during(int days) throws Exception {
        try (LogLines log = new LogLines(CertificateWatch.class.getName());
                RecordedEvents events = new RecordedEvents()) {
            CertificateWatch certificate = new CertificateWatch(
                    Path.of("server.p12"),
                    () -> new ServerCertificate(begin, end, names),
                    () -> node,
                    peers,
                    clock,
                    TIMES,
                    events.log());
            for (int hour = 0; hour < 24 * days; hour++) {
                certificate.check();
                clock.advance(Duration.ofHours(1));
            }
            return new Said(List.copyOf(log.lines()), List.copyOf(events.events()));
        }
    }

    @Test
    void warnsOnceADayFromThirtyDaysBefore() throws Exception {
        assertThat(during(10)).isEqualTo(new Said(List.of(), List.of()));

        Said said = during(3);
        assertThat(said.events()).hasSize(3);
        assertThat(said.events().get(0))
                .startsWith("CERTIFICATE_EXPIRES The certificate in tls-keystore=server.p12 expires on "
                        + TIMES.time(end) + ", in 30 days. Replace");
        assertThat(said.log()).hasSize(3).allMatch(line -> line.contains("server.p12 expires on "));
    }

    @Test
    void anExpiredCertificateIsReportedEveryDayUntilItIsReplaced() throws Exception {
        end = clock.instant().minus(Duration.ofDays(1));
        assertThat(during(2).events())
                .hasSize(2)
                .allMatch(line -> line.contains("server.p12 expired on " + TIMES.time(end) + ". Replace"));

        end = clock.instant().plus(Duration.ofDays(90));
        assertThat(during(2).events()).isEmpty();
    }

    @Test
    void aCertificateThatIsNotYetValidIsReported() throws Exception {
        begin = clock.instant().plus(Duration.ofHours(20));

        assertThat(during(3).log())
                .singleElement()
                .asString()
                .contains("The certificate in tls-keystore=server.p12 is not valid before " + TIMES.time(begin)
                        + "; until then clients reject it. Check the clock");
    }

    @Test
    void aCertificateOfAnotherNodeIsReportedOnce() throws Exception {
        names = List.of("NODE2.example.com", "NODE2");

        assertThat(during(3).log())
                .singleElement()
                .asString()
                .contains("is for NODE2.example.com, NODE2 and not for this node, NODE1: clients");
    }

    @Test
    void theNameIsComparedAsClientsDo() throws Exception {
        for (String name : List.of("node1.EXAMPLE.com", "node1", "*.example.com")) {
            names = List.of("other.example.com", name);
            assertThat(during(1).log()).as(name).isEmpty();
        }
        for (String name : List.of("NODE10.example.com", "NODE.example.com", "x.NODE1.example.com")) {
            names = List.of(name);
            assertThat(during(1).log()).as(name).hasSize(1);
        }
        names = List.of();
        assertThat(during(1).log()).singleElement().asString().contains("is for no DNS name and not");
        node = "";
        assertThat(during(1).log()).as("the node is not known yet").isEmpty();
    }

    private void trusts() {
        peers = new PeerCertificates(
                () -> List.of("NODE1", "NODE2"), () -> node, () -> new ServerCertificate(begin, end, names), clock);
    }

    /** Without the full name no client is a node, and nothing else says so. */
    @Test
    void aCertificateThatDoesNotSayTheDomainIsReportedOnceIfNodesAreToBeRecognised() throws Exception {
        end = clock.instant().plus(Duration.ofDays(400));
        names = List.of("NODE1", "*.example.com");
        assertThat(during(3).log()).as("without tls-trust").isEmpty();

        trusts();
        assertThat(during(3).log())
                .singleElement()
                .asString()
                .endsWith(
                        "No client can be recognised as a node of the cluster (tls-trust): the certificate in tls-keystore is"
                                + " for NODE1, *.example.com, and not for the full DNS name of this node, such as"
                                + " NODE1.example.com. Replace it with one that has this name in Subject Alternative Name.");
        names = List.of("NODE1.example.com");
        assertThat(during(3).log()).isEmpty();
        names = List.of("NODE1");
        node = "";
        assertThat(during(3).log()).as("the node is not known yet").isEmpty();
    }

    @Test
    void aCertificateWithThisNodeInTwoDomainsIsReported() throws Exception {
        names = List.of("NODE1.example.com", "NODE1", "node1.EXAMPLE.com", "NODE1.example.org");
        trusts();

        assertThat(during(3).log())
                .singleElement()
                .asString()
                .endsWith(
                        "the certificate in tls-keystore has this node in several domains, example.com and example.org, so it"
                                + " does not say that of the cluster's nodes. Replace it with one that has this node's name"
                                + " in one domain only.");
    }
}
