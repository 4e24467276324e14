package io.github.csvbackup.http.server;

import java.util.Locale;

/** Each kind of request has its own threads, so that one kind cannot use up the threads of another. */
public enum Lane {
    /** TLS handshakes, whose computations take milliseconds. */
    TLS(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
    /** Slow decisions. Password checks use at most two of these threads. */
    DECISIONS(4),
    /** Health checks. */
    HEALTH(1),
    /** Readers. */
    READERS(4),
    /** Other nodes of the cluster: more threads than may wait for a list of shadow copies. */
    PEERS(24),
    /** Operators: more threads than clears and other operations that can wait at the same time. */
    OPERATORS(8);

    private final int threads;

    Lane(int threads) {
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    /** What its threads are called, after the name of the server. */
    String suffix() {
        return "-" + name().toLowerCase(Locale.ROOT);
    }
}
