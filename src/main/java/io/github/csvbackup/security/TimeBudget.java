package io.github.csvbackup.security;

import java.util.function.LongSupplier;

/** How much processor time may be lost to strangers: a stock that is used up and fills again at a share of a core. Thread-safe. */
final class TimeBudget {
    private final long stock;
    private final int core;
    private final LongSupplier nanoTime;
    private long left;
    private long filledAt;

    /**
     * @param stock nanoseconds that may be used up at once
     * @param core one part of how many of a core it fills with
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    TimeBudget(long stock, int core, LongSupplier nanoTime) {
        this.stock = stock;
        this.core = core;
        this.nanoTime = nanoTime;
        this.left = stock;
        this.filledAt = nanoTime.getAsLong();
    }

    synchronized boolean isLeft() {
        long now = nanoTime.getAsLong();
        left = Math.min(stock, left + (now - filledAt) / core);
        filledAt = now;
        return left > 0;
    }

    /** The last use may be longer than what was left: then it takes longer to fill. */
    synchronized void use(long nanos) {
        left -= nanos;
    }
}
