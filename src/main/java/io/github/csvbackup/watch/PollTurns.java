package io.github.csvbackup.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** When the polling thread polls next, and who waits for it. Thread-safe. */
final class PollTurns {
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private final Condition pollEnded = lock.newCondition();
    private boolean woken;
    private boolean asked;
    private boolean closed;
    private long begun;
    private long ended;
    private @Nullable Throwable failure;

    /** From the beginning of one poll to that of the next it is one interval, so that a long poll is no gap, and yet there is a pause. */
    static long pauseNanos(long intervalNanos, long pollNanos) {
        return Math.max(Math.min(intervalNanos, SHORTEST_PAUSE_NANOS), intervalNanos - pollNanos);
    }

    /** To be called when a poll begins; its number is for {@link #end}. */
    long begin() {
        lock.lock();
        try {
            asked = false;
            begun++;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** To be called when that poll has ended and everybody who listens knows; with what went wrong, or null. */
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
     * Lets a poll begin now, and waits for its end, interrupted or not.
     *
     * @throws PollingEndedException if there is none any more
     * @throws IllegalStateException with a sentence, if it fails by a defect
     */
    void awaitNew() {
        lock.lock();
        try {
            // A poll that is under way may have read before what the caller has just seen or done.
            long wanted = begun + 1;
            asked = true;
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

    /** The polling thread's pause: until the time is over, or somebody asks or calls. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            long early = left - Math.min(left, SHORTEST_PAUSE_NANOS);
            // Many calls in a row, as a failover brings them, make one poll a second and not one each.
            while (!closed && !asked && left > 0 && !(woken && left <= early)) {
                long span = left > early ? left - early : left;
                left -= span - Math.max(0, called.awaitNanos(span));
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    /** Shortens the pause: something may have changed. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            called.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No poll begins any more, and nobody waits for one. */
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
