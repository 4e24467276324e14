package io.github.csvbackup.http.jolokia;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the reading parts of one HTTP request may cost together: attributes, and time. What an operation takes does not count. For one thread.
 */
final class Budget {
    /** Attributes that one HTTP request may read, over all its parts. */
    static final int ATTRIBUTES = 200;

    /** How long one HTTP request may read, over all its parts. Nothing that is read asks the cluster. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private long nanosLeft = NANOS;
    private long readingSince;
    private int attributesLeft = ATTRIBUTES;

    /**
     * A budget of which nothing is spent.
     *
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    Budget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A part that reads begins. */
    void beginReading() {
        readingSince = nanoTime.getAsLong();
    }

    /** It has ended, however it ended. */
    void endReading() {
        nanosLeft = nanosLeft();
    }

    /** What is left of the time while a part reads, in nanoseconds; negative if it took too long. */
    long nanosLeft() {
        return nanosLeft - (nanoTime.getAsLong() - readingSince);
    }

    /**
     * Has to be called again and again while a part reads.
     *
     * @throws Refusal if it took too long
     */
    void checkTime() {
        if (nanosLeft() < 0) {
            throw Refusal.overload("Reading took longer than " + TimeUnit.NANOSECONDS.toSeconds(NANOS)
                    + " seconds and was given up. Ask for less at once, or try again when fewer clients read.");
        }
    }

    /**
     * Has to be called before each attribute.
     *
     * @throws Refusal if they are too many, or took too long
     */
    void takeAttribute() {
        checkTime();
        attributesLeft--;
        checkAttributes();
    }

    /**
     * Has to be called after a part that reads, since what {@link #takeAttribute} throws may be taken for the fault of an attribute.
     *
     * @throws Refusal if the attributes were too many, or took too long
     */
    void check() {
        checkTime();
        checkAttributes();
    }

    private void checkAttributes() {
        if (attributesLeft < 0) {
            throw Refusal.mistake("The request reads more than " + ATTRIBUTES
                    + " attributes, over all its parts. Send several requests.");
        }
    }
}
