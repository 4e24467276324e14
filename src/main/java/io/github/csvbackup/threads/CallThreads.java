package io.github.csvbackup.threads;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of calls that may hang. A call has a thread of its own until it returns. The thread then waits a moment for another call: a poll makes
 * several in a row, and a new thread costs more than most calls. Between two polls there is none. Thread-safe.
 */
public final class CallThreads {
    private static final long KEPT_MILLIS = 500;
    private static final AtomicInteger SERIAL = new AtomicInteger();

    // Not limited: whoever makes calls limits how many may hang.
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT_MILLIS,
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            task -> DaemonThread.named("csv-backup-call-" + SERIAL.incrementAndGet(), task));

    private CallThreads() {}

    /**
     * Starts a call on a thread of its own and returns at once.
     *
     * @throws OutOfMemoryError if the JVM has no thread or memory left
     */
    public static void run(Runnable call) {
        THREADS.execute(call);
    }

    /** From now on threads wait for a further call. */
    public static void keep() {
        THREADS.setKeepAliveTime(KEPT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends the threads that wait, and from now on each other when its call returns. Calls are not disturbed. */
    public static void endIdle() {
        THREADS.setKeepAliveTime(0, TimeUnit.MILLISECONDS);
    }
}
