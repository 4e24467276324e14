package io.github.csvbackup.clear;

import java.util.concurrent.Semaphore;

/**
 * One request to clear works at a time, in the order of their arrival: each asks the nodes for shadow copies, which would spoil the evidence of
 * another that has not begun its calls. Thread-safe.
 */
final class ClearTurns {
    private final Semaphore turn = new Semaphore(1, true);

    /** Waits for the turn, then works; an interrupt does not end the wait. */
    void inTurn(Runnable work) {
        turn.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            turn.release();
        }
    }
}
