package io.github.csvbackup.security;

import java.util.function.LongSupplier;

/** A budget of processor time for failed checks, which refills at a fraction of a core. Thread-safe. */
final class TimeBudget {
    private final long stock;
    private final int core;
    private final LongSupplier nanoTime;
    private long left;
    private long filledAt;

    /**
     * @param stock the full budget, in nanoseconds
     * @param core refills at one part in {@code core} of a core
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

    /** May exceed the remaining budget; then the refill takes longer. */
    synchronized void use(long nanos) {
        left -= nanos;
    }
}
