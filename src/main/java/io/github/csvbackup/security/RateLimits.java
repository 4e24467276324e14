package io.github.csvbackup.security;

import java.util.function.LongSupplier;

/** One {@link RateLimit} for each sender. Thread-safe; its memory is bounded. */
public final class RateLimits {
    private final BoundedKeys<RateLimit> limits;

    /**
     * @param perSecond permits per second for each sender, and also the capacity
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public RateLimits(int perSecond, LongSupplier nanoTime) {
        this.limits = new BoundedKeys<>(() -> new RateLimit(perSecond, nanoTime));
    }

    /**
     * Takes one of the sender's permits if there is one.
     *
     * @param sender a user's name, or an {@link AddressGroup}
     */
    public synchronized boolean tryTake(String sender) {
        return limits.get(sender).tryTake();
    }
}
