package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes once a day to the log which line of the audit is the newest: a log that is collected elsewhere then shows when the audit was rewritten.
 * Not thread-safe.
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

    /** Looks whether a day has passed; to be called after each poll, by one thread. */
    void polled() {
        Instant now = clock.instant();
        if (now.isBefore(last) || Duration.between(last, now).compareTo(EVERY) >= 0) {
            last = now;
            AuditStatus status = audit.status();
            LOG.info("The newest line of the audit is {}", status.newest());
            if (status.mismatch() != null) {
                LOG.warn("{} Look at it with: audit --verify", status.mismatch());
            }
        }
    }
}
