package io.github.csvbackup.http.server;

import java.util.Locale;

/** Who works for whom: each kind of request has threads of its own, so that none can take those of another. */
public enum Lane {
    /** Handshakes of TLS, whose sums take milliseconds. */
    TLS(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
    /** Decisions that take long. The check of passwords occupies two of them at most. */
    DECISIONS(4),
    /** The state of health. */
    HEALTH(1),
    /** Those who read. */
    READERS(4),
    /** Those who may clear: more threads than clears and other operations that may wait at once. */
    OPERATORS(8);

    private final int threads;

    Lane(int threads) {
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    String threadName() {
        return "csv-backup-http-" + name().toLowerCase(Locale.ROOT);
    }
}
