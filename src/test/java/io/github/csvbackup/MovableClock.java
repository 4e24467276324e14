package io.github.csvbackup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves. */
public final class MovableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-03-01T03:00:00Z");
    private volatile long nanos;

    /** Time passes. */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back; the clock can be set back");
        }
        now = now.plus(by);
        nanos += by.toNanos();
    }

    /** Sets the clock forward, or back if the duration is negative; {@link #nanoTime} does not change. */
    public synchronized void set(Duration by) {
        now = now.plus(by);
    }

    /** Like {@link System#nanoTime}: measures elapsed time. */
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the clock is UTC");
    }
}
