package io.github.csvbackup.http.jolokia;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many answers are built at the same time. An answer is many times larger while it is built than when it is sent, and a small host has room for few. Operators
 * wait for no reader. Thread-safe.
 */
final class ReadingPlaces {
    private static final int AT_ONCE = 2;

    private final Semaphore readers = new Semaphore(AT_ONCE, true);
    private final Semaphore operators = new Semaphore(AT_ONCE, true);

    /**
     * Waits for a place, in the order of arrival.
     *
     * @throws Refusal if none is free before the budget's time is over, or the thread is interrupted
     */
    void enter(boolean operator, Budget budget) {
        try {
            if (of(operator).tryAcquire(Math.max(0, budget.nanosLeft()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.overload("The request was interrupted before it was read. Try again.");
        }
        throw Refusal.overload("Too many clients read at the same time. Try again in some seconds.");
    }

    /** Gives the place back. */
    void leave(boolean operator) {
        of(operator).release();
    }

    private Semaphore of(boolean operator) {
        return operator ? operators : readers;
    }
}
