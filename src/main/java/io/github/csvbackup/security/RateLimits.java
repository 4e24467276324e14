package io.github.csvbackup.security;

import java.util.function.LongSupplier;

/** A {@link RateLimit} for each sender, so that one cannot use up what belongs to another. Thread-safe; its memory is bounded. */
public final class RateLimits {
    private final BoundedKeys<RateLimit> limits;

    /**
     * @param perSecond permits per second for each sender, and how many may be taken at once
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
