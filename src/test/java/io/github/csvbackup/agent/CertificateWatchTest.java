package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.security.ServerCertificate;
import io.github.csvbackup.text.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The warnings about the server's certificate. */
class CertificateWatchTest {
    private static final Times TIMES = new Times(instant -> ZoneOffset.ofHoursMinutes(5, 30));

    private final MovableClock clock = new MovableClock();
    private Instant begin = clock.instant().minus(Duration.ofDays(300));
    private Instant end = clock.instant().plus(Duration.ofDays(40));
    private List<String> names = List.of("NODE1.example.com", "NODE1");
    private String node = "NODE1";

    private record Said(List<String> log, List<String> events) {}

    /** Checks each hour. */
    private Said during(int days) throws Exception {
        try (LogLines log = new LogLines(CertificateWatch.class.getName());
                RecordedEvents events = new RecordedEvents()) {
            CertificateWatch certificate = new CertificateWatch(
                    Path.of("server.p12"),
                    () -> new ServerCertificate(begin, end, names),
                    () -> node,
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
}
