package io.github.csvbackup.http.jolokia;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many answers are built concurrently, because an answer needs many times its final size while it is built. Operators have places of
 * their own. Thread-safe.
 */
final class ReadingPlaces {
    private static final int AT_ONCE = 2;

    private final Semaphore readers;
    private final Semaphore operators;

    /** @param doors how many doors share the memory of this JVM */
    ReadingPlaces(int doors) {
        int places = Math.max(1, AT_ONCE / doors);
        this.readers = new Semaphore(places, true);
        this.operators = new Semaphore(places, true);
    }

    /**
     * Waits for a place, in the order of arrival.
     *
     * @throws Refusal if none is free within the time of the budget, or the thread is interrupted
     */
    void enter(boolean operator, Budget budget) {
        try {
            if (of(operator).tryAcquire(Math.max(0, budget.nanosLeft()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.overload("The request was interrupted. Try again.");
        }
        throw Refusal.overload("Too many clients are reading. Try again in a few seconds.");
    }

    /** Releases the place. */
    void leave(boolean operator) {
        of(operator).release();
    }

    private Semaphore of(boolean operator) {
        return operator ? operators : readers;
    }
}
