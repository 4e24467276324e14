package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.text.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The warnings before the server's certificate expires. */
class CertificateEndTest {
    private static final Times TIMES = new Times(instant -> ZoneOffset.ofHoursMinutes(5, 30));

    private final MovableClock clock = new MovableClock();
    private Instant end = clock.instant().plus(Duration.ofDays(40));
    private boolean unreadable;

    private Instant read() throws IOException {
        if (unreadable) {
            throw new IOException("in use");
        }
        return end;
    }

    private List<String> linesOf(int days) throws Exception {
        try (LogLines log = new LogLines(CertificateEnd.class.getName());
                RecordedEvents events = new RecordedEvents()) {
            CertificateEnd certificate =
                    new CertificateEnd(Path.of("server.p12"), this::read, clock, TIMES, events.log());
            for (int hour = 0; hour < 24 * days; hour++) {
                certificate.check();
                clock.advance(Duration.ofHours(1));
            }
            // The log leaves out what repeats within a minute, and its clock is the real one.
            assertThat(log.lines())
                    .hasSize(
                            events.events().isEmpty()
                                    ? 0
                                    : (int) events.events().stream().distinct().count());
            return events.events();
        }
    }

    @Test
    void warnsOnceADayFromThirtyDaysBefore() throws Exception {
        assertThat(linesOf(10)).isEmpty();
        List<String> lines = linesOf(3);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith("CERTIFICATE_EXPIRES The certificate in tls-keystore=server.p12 expires on "
                        + "2026-04-10 08:30:00 +05:30, in 30 days. Replace");
    }

    @Test
    void anExpiredCertificateIsReportedEveryDayUntilItIsReplaced() throws Exception {
        end = clock.instant().minus(Duration.ofDays(1));
        assertThat(linesOf(2))
                .hasSize(2)
                .allMatch(line -> line.contains("server.p12 expired on 2026-02-28 08:30:00 +05:30. Replace"));
        end = clock.instant().plus(Duration.ofDays(90));
        assertThat(linesOf(2)).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsReportedByTheServerAlone() throws Exception {
        unreadable = true;
        assertThat(linesOf(2)).isEmpty();
    }
}
