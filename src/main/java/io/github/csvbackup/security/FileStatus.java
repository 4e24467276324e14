package io.github.csvbackup.security;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Since when what the agent knows of a file has not been what the file says now. Tells the log, once for each problem. Thread-safe. */
public final class FileStatus {
    private static final Logger LOG = LoggerFactory.getLogger(FileStatus.class);

    private final Clock clock;
    private @Nullable Instant outdatedSince;
    private String problem = "";

    public FileStatus(Clock clock) {
        this.clock = clock;
    }

    /** When the agent first noticed; null while it is up to date. */
    public synchronized @Nullable Instant outdatedSince() {
        return outdatedSince;
    }

    /**
     * The file cannot be used.
     *
     * @param sentence why
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
                    "The agent goes on with what it read before, which has not been up to date since {}: {}",
                    since.truncatedTo(ChronoUnit.SECONDS),
                    sentence);
        }
    }

    /** The file could be read again, or says what it said before. */
    synchronized void current(Object file) {
        Instant since = outdatedSince;
        if (since != null) {
            LOG.info("{} is up to date again; it was not since {}", file, since.truncatedTo(ChronoUnit.SECONDS));
            outdatedSince = null;
            problem = "";
        }
    }
}
