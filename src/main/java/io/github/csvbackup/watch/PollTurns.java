package io.github.csvbackup.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Schedules the polling thread and lets callers wait for a poll. Thread-safe. */
final class PollTurns {
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private final Condition pollEnded = lock.newCondition();
    private boolean woken;
    private Wanted asked = Wanted.NOTHING;
    private boolean isAsked;
    private boolean closed;
    private long begun;
    private long ended;
    private @Nullable Throwable failure;

    /** Polls begin one interval apart, so that a long poll does not cause a gap; there is always some pause. */
    static long pauseNanos(long intervalNanos, long pollNanos) {
        return Math.max(Math.min(intervalNanos, SHORTEST_PAUSE_NANOS), intervalNanos - pollNanos);
    }

    /**
     * A poll that has begun.
     *
     * @param number for {@link #end}
     * @param wanted what those want who wait for it
     */
    record Turn(long number, Wanted wanted) {}

    /** Call it when a poll begins. */
    Turn begin() {
        lock.lock();
        try {
            Turn turn = new Turn(begun + 1, asked);
            asked = Wanted.NOTHING;
            isAsked = false;
            begun++;
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /** Call it when that poll has ended and all listeners have run. */
    void end(long number, @Nullable Throwable failed) {
        lock.lock();
        try {
            ended = Math.max(ended, number);
            failure = failed;
            pollEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts a poll now and waits for its end, even if interrupted.
     *
     * @param what what the poll must read
     * @throws PollingEndedException if polling has ended
     * @throws IllegalStateException with a message for users, if a bug makes the poll fail
     */
    void awaitNew(Wanted what) {
        lock.lock();
        try {
            // A poll in progress may have read before what the caller has just seen or done.
            long wanted = begun + 1;
            asked = asked.and(what);
            isAsked = true;
            called.signalAll();
            while (ended < wanted && !closed) {
                pollEnded.awaitUninterruptibly();
            }
            if (ended < wanted) {
                throw new PollingEndedException();
            }
            if (failure != null) {
                throw new IllegalStateException("The poll failed unexpectedly: " + failure + ".", failure);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The pause of the polling thread: until the time is over or a poll is requested. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            long early = left - Math.min(left, SHORTEST_PAUSE_NANOS);
            // A failover makes many calls in a row: they cause one poll a second, not one each.
            while (!closed && !isAsked && left > 0 && !(woken && left <= early)) {
                long span = left > early ? left - early : left;
                left -= span - Math.max(0, called.awaitNanos(span));
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    /** Shortens the pause, because something may have changed. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            called.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No further poll begins, and all waiting callers return. */
    void close() {
        lock.lock();
        try {
            closed = true;
            called.signalAll();
            pollEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
