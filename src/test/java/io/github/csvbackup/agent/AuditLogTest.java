package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.eventlog.RecordedEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private long newest = 11;
    private final MovableClock clock = new MovableClock();

    private Audit audit(String mismatch) {
        return new Audit() {
            @Override
            public void append(AuditLine line) {
                throw new UnsupportedOperationException("nothing is written here");
            }

            @Override
            public AuditStatus status() {
                return new AuditStatus(new Mark(++newest, "0a"), mismatch == null ? 0 : 1, mismatch);
            }
        };
    }

    @Test
    void theNewestLineIsInTheLogOnceADay() throws Exception {
        AuditLog auditLog = new AuditLog(audit(null), clock, null);
        try (LogLines log = new LogLines(AuditLog.class.getName())) {
            for (int hour = 0; hour < 60; hour++) {
                auditLog.polled();
                clock.advance(Duration.ofHours(1));
            }

            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> line.matches(".* INFO  The newest line of the audit is [0-9]+:0a"));
        }
    }

    @Test
    void aMismatchIsInTheEventLogAtOnceAndOnceADay() {
        String[] mismatch = {null};
        long[] mismatches = {0};
        Audit changing = new Audit() {
            @Override
            public void append(AuditLine line) {
                throw new UnsupportedOperationException("nothing is written here");
            }

            @Override
            public AuditStatus status() {
                return new AuditStatus(new Mark(1, "0a"), mismatches[0], mismatch[0]);
            }
        };
        try (RecordedEvents events = new RecordedEvents()) {
            AuditLog auditLog = new AuditLog(changing, clock, events.log());
            auditLog.polled();
            mismatch[0] = "It was changed.";
            mismatches[0] = 1;
            auditLog.polled();
            auditLog.polled();
            mismatches[0] = 2; // once more, in the same way
            auditLog.polled();
            clock.advance(Duration.ofDays(1));
            auditLog.polled();
            auditLog.polled();

            assertThat(events.events())
                    .hasSize(3)
                    .containsOnly("AUDIT_DAMAGED It was changed. To check the audit, run: audit --verify");
        }
    }

    @Test
    void aMismatchIsSaidEachDayUntilTheNextStart() throws Exception {
        AuditLog auditLog = new AuditLog(audit("Something was changed."), clock, null);
        try (LogLines log = new LogLines(AuditLog.class.getName())) {
            clock.advance(Duration.ofDays(1));
            auditLog.polled();

            assertThat(log.lines())
                    .last()
                    .asString()
                    .endsWith("WARN  Something was changed. To check the audit, run: audit --verify");
        }
    }
}
