package io.github.csvbackup.security;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the agent uses the current content of a file, or outdated content because the file cannot be read. Logs each problem once. Thread-safe. */
public final class FileStatus {
    private static final Logger LOG = LoggerFactory.getLogger(FileStatus.class);

    private final Clock clock;
    private @Nullable Instant outdatedSince;
    private String problem = "";

    public FileStatus(Clock clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Since when the content is outdated; null if it is current. */
    public synchronized @Nullable Instant outdatedSince() {
        return outdatedSince;
    }

    /**
     * The file cannot be used.
     *
     * @param sentence the reason
     */
    synchronized void outdated(String sentence) {
        Instant since = outdatedSince;
        if (since == null) {
            since = clock.instant();
            outdatedSince = since;
        }
        if (!problem.equals(sentence)) {
            problem = sentence;
            LOG.warn(
                    "The agent still uses the previous content of the file, which is outdated since {}: {}",
                    since.truncatedTo(ChronoUnit.SECONDS),
                    sentence);
        }
    }

    /** The agent uses the current content of the file. */
    synchronized void current(Object file) {
        Instant since = outdatedSince;
        if (since != null) {
            LOG.info(
                    "The agent uses the current content of {} again; it was outdated since {}",
                    file,
                    since.truncatedTo(ChronoUnit.SECONDS));
            outdatedSince = null;
            problem = "";
        }
    }
}
