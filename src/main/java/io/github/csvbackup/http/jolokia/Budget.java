package io.github.csvbackup.http.jolokia;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the attributes and the time that all reading parts of one HTTP request use together. Operations do not count. For one thread.
 */
final class Budget {
    /** Maximum number of attributes in all parts. */
    static final int ATTRIBUTES = 200;

    /** Maximum time for reading, in all parts. Reading never calls the cluster. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private long nanosLeft = NANOS;
    private long readingSince;
    private int attributesLeft = ATTRIBUTES;

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    Budget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Starts the clock for a part that reads. */
    void beginReading() {
        readingSince = nanoTime.getAsLong();
    }

    /** Stops the clock, also after a failure. */
    void endReading() {
        nanosLeft = nanosLeft();
    }

    /** Remaining time while a part reads, in nanoseconds; negative if it took too long. */
    long nanosLeft() {
        return nanosLeft - (nanoTime.getAsLong() - readingSince);
    }

    /**
     * Must be called repeatedly while a part reads.
     *
     * @throws Refusal if it took too long
     */
    void checkTime() {
        if (nanosLeft() < 0) {
            throw Refusal.overload("Reading took longer than " + TimeUnit.NANOSECONDS.toSeconds(NANOS)
                    + " seconds and was stopped. Request less at once, or try again when fewer clients are reading.");
        }
    }

    /**
     * Must be called before each attribute.
     *
     * @throws Refusal if there are too many, or reading took too long
     */
    void takeAttribute() {
        checkTime();
        attributesLeft--;
        checkAttributes();
    }

    /**
     * Must be called after a part that reads, because Jolokia may report an exception of {@link #takeAttribute} as an error of the attribute.
     *
     * @throws Refusal if there were too many attributes, or reading took too long
     */
    void check() {
        checkTime();
        checkAttributes();
    }

    private void checkAttributes() {
        if (attributesLeft < 0) {
            throw Refusal.mistake("The request reads more than " + ATTRIBUTES
                    + " attributes in all its parts. Split it into several requests.");
        }
    }
}
