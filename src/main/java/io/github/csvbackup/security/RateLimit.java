package io.github.csvbackup.security;

import java.util.function.LongSupplier;

/** A token bucket. Thread-safe. */
public final class RateLimit {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final double capacity;
    private final LongSupplier nanoTime;
    private double permits;
    private long filledAt;

    /**
     * Starts with a full bucket.
     *
     * @param perSecond permits per second, and also the capacity
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public RateLimit(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.capacity = perSecond;
        this.permits = perSecond;
        this.nanoTime = nanoTime;
        this.filledAt = nanoTime.getAsLong();
    }

    /** Takes a permit if there is one. */
    public synchronized boolean tryTake() {
        long now = nanoTime.getAsLong();
        permits = Math.min(capacity, permits + (now - filledAt) / NANOS_PER_SECOND * perSecond);
        filledAt = now;
        if (permits < 1) {
            return false;
        }
        permits--;
        return true;
    }
}
