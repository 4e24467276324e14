package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the newest line of the audit once a day. If another system collects the log, a rewritten audit becomes visible there. Not thread-safe.
 */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final Duration EVERY = Duration.ofDays(1);

    private final Audit audit;
    private final Clock clock;
    private final @Nullable EventLog events;
    private Instant last;
    /** What is in the event log. The audit logs a mismatch itself. */
    private @Nullable String reported;

    private long reportedMismatches;

    /** @param events also gets each mismatch; null for none */
    AuditLog(Audit audit, Clock clock, @Nullable EventLog events) {
        this.audit = audit;
        this.clock = clock;
        this.events = events;
        this.last = clock.instant();
    }

    /** Logs the line if a day has passed, and reports a new mismatch. One thread must call this after each poll. */
    void polled() {
        if (events != null) {
            reportMismatch(events);
        }
        Instant now = clock.instant();
        if (now.isBefore(last) || Duration.between(last, now).compareTo(EVERY) >= 0) {
            last = now;
            AuditStatus status = audit.status();
            LOG.info("The newest line of the audit is {}", status.newest());
            if (status.mismatch() != null) {
                LOG.warn("{} To check the audit, run: audit --verify", status.mismatch());
                reported = null;
            }
        }
    }

    private void reportMismatch(EventLog to) {
        AuditStatus status = audit.status();
        String mismatch = status.mismatch();
        if (mismatch != null && (!mismatch.equals(reported) || status.mismatches() > reportedMismatches)) {
            to.write(EventKind.AUDIT_DAMAGED, mismatch + " To check the audit, run: audit --verify");
            reported = mismatch;
            reportedMismatches = status.mismatches();
        }
    }
}
