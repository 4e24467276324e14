package io.github.csvbackup.threads;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that works on what other threads give it, in order. It is for a destination that may hang, such as a disk: giving never waits for it, and
 * what waits is bounded. Thread-safe.
 */
public final class QueueThread<T> {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final SupervisedLoop loop;
    private final Work<T> work;
    private final ToIntFunction<T> size;
    private final long most;
    private final Deque<T> waiting = new ArrayDeque<>();
    private long sizeOfWaiting;
    private long given;
    private long done;
    private boolean closing;
    private boolean abandoned;
    private boolean ended;

    /** What the thread does. */
    public interface Work<T> {
        /** Works on the next one; null after a minute without one, and when it is closed without one. May throw anything. */
        void handle(@Nullable T next) throws Exception;

        /** The last call, also if some were never handled because the destination hung. */
        void end() throws Exception;
    }

    /**
     * Does not start the thread yet.
     *
     * @param name begins with {@code csv-backup-}
     * @param most the largest total size of those that wait
     * @param size the size of one
     */
    public QueueThread(String name, long most, ToIntFunction<T> size, Work<T> work) {
        this.loop = new SupervisedLoop(name, this::step, () -> {});
        this.most = most;
        this.size = size;
        this.work = work;
    }

    /**
     * Starts the thread. Call this once.
     *
     * @throws OutOfMemoryError if the JVM has no thread left
     */
    public void start() {
        loop.start();
    }

    /** For a supervisor that restarts the thread if it dies. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** Gives one to the thread and returns at once; false if too much is waiting, or after {@link #close}. */
    public synchronized boolean give(T next) {
        int more = size.applyAsInt(next);
        if (closing || sizeOfWaiting + more > most) {
            return false;
        }
        waiting.add(next);
        sizeOfWaiting += more;
        given++;
        notifyAll();
        return true;
    }

    /** How many wait, without the one that is being handled. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Waits until those given so far are done; false if that takes longer. */
    public synchronized boolean flush(Duration patience) {
        long last = given;
        return await(() -> done >= last, patience);
    }

    /**
     * Ends the thread when those given so far are done. If that takes longer, the thread ends as soon as the destination answers, and leaves out the rest.
     *
     * @return whether all are done
     */
    public boolean close(Duration patience) {
        synchronized (this) {
            closing = true;
            notifyAll();
            if (!await(() -> ended || abandoned, patience) || abandoned) {
                abandoned = true;
                return false;
            }
        }
        // Only moments: the caller wants to see that the thread is gone.
        return loop.endsWithin(patience) || !loop.isOpen();
    }

    /** An interrupt does not shorten this wait, and the interrupt status stays set: otherwise a host could make it lose what waits. */
    private synchronized boolean await(BooleanSupplier reached, Duration patience) {
        long begun = System.nanoTime();
        boolean interrupted = false;
        while (!reached.getAsBoolean()) {
            long left = restMillis(begun, patience);
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return reached.getAsBoolean();
    }

    private static long restMillis(long begun, Duration patience) {
        return patience.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void step() throws Exception {
        T next = next();
        try {
            work.handle(next);
        } finally {
            if (next != null) {
                done();
            }
            if (isOver()) {
                end();
            }
        }
    }

    private synchronized @Nullable T next() throws InterruptedException {
        long begun = System.nanoTime();
        while (waiting.isEmpty() && !closing) {
            long left = restMillis(begun, LONGEST_PAUSE);
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        T next = waiting.poll();
        if (next != null) {
            sizeOfWaiting -= size.applyAsInt(next);
        }
        return next;
    }

    private synchronized void done() {
        done++;
        notifyAll();
    }

    private synchronized boolean isOver() {
        return closing && (abandoned || waiting.isEmpty());
    }

    private void end() throws Exception {
        try {
            work.end();
        } finally {
            loop.close();
            ended();
        }
    }

    private synchronized void ended() {
        ended = true;
        notifyAll();
    }
}
