package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private Instant last;

    AuditLog(Audit audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
        this.last = clock.instant();
    }

    /** Logs the line if a day has passed. One thread must call this after each poll. */
    void polled() {
        Instant now = clock.instant();
        if (now.isBefore(last) || Duration.between(last, now).compareTo(EVERY) >= 0) {
            last = now;
            AuditStatus status = audit.status();
            LOG.info("The newest line of the audit is {}", status.newest());
            if (status.mismatch() != null) {
                LOG.warn("{} To check the audit, run: audit --verify", status.mismatch());
            }
        }
    }
}
