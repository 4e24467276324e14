package io.github.csvbackup.threads;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that alternates between work and a pause until it is closed. It survives every exception of its work, including errors of the JVM, and
 * interrupts, which come from the host. It logs the first of several consecutive failures, and the recovery; it counts all of them. A {@link Supervisor}
 * restarts the thread if it still dies. Thread-safe.
 */
public final class SupervisedLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoop.class);
    /** Replaces a pause that failed or was interrupted, so that a failing loop does not keep a processor busy. */
    private static final long SHORT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String name;
    private final Step work;
    private final Step pause;
    private final ThreadFactory threads;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong interrupts = new AtomicLong();
    private volatile @Nullable Thread thread;
    private volatile @Nullable Supervisor supervisor;
    private volatile boolean failing;
    private volatile boolean pauseFails;
    private volatile @Nullable Throwable unlogged;

    /** Work or a pause. */
    @FunctionalInterface
    public interface Step {
        /** May throw anything; the loop continues. */
        void run() throws Exception;
    }

    /**
     * A loop with its own kind of pause.
     *
     * @param name begins with {@code csv-backup-}
     * @param pause the caller of {@link #close} must make it return soon
     */
    public SupervisedLoop(String name, Step work, Step pause) {
        this(name, work, pause, task -> DaemonThread.named(name, task));
    }

    SupervisedLoop(String name, Step work, Step pause, ThreadFactory threads) {
        this.name = name;
        this.work = work;
        this.pause = pause;
        this.threads = threads;
    }

    private SupervisedLoop(String name, Duration pause, Step work, ThreadFactory threads) {
        this.name = name;
        this.work = work;
        this.pause = () -> awaitClose(pause);
        this.threads = threads;
    }

    /** A loop with pauses of the same length. Closing it ends the current pause. */
    public static SupervisedLoop every(String name, Duration pause, Step work) {
        return every(name, pause, work, task -> DaemonThread.named(name, task));
    }

    static SupervisedLoop every(String name, Duration pause, Step work, ThreadFactory threads) {
        return new SupervisedLoop(name, pause, work, threads);
    }

    private void awaitClose(Duration longest) throws InterruptedException {
        if (closing.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("{} stops", name);
        }
    }

    /**
     * Starts the thread. Call this once.
     *
     * @throws OutOfMemoryError if the JVM has no thread left
     */
    public synchronized void start() {
        Thread begun = threads.newThread(this::run);
        begun.start();
        thread = begun;
    }

    /** The name of the thread. */
    public String name() {
        return name;
    }

    /** Whether the caller runs on the thread of this loop. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Whether {@link #close} was not called yet. */
    public boolean isOpen() {
        return closing.getCount() > 0;
    }

    /** Whether the last run of its work failed or its thread died. */
    public boolean isInTrouble() {
        return isOpen() && (failing || isDead());
    }

    /** The number of failures of its work or its pause. */
    public long failures() {
        return failures.get();
    }

    /** The number of restarts of its thread. */
    public long restarts() {
        return restarts.get();
    }

    /** Whether it was started and should be running, but is not. */
    boolean isDead() {
        Thread begun = thread;
        return begun != null && isOpen() && !begun.isAlive();
    }

    /** Sets the supervisor that this loop restarts if its thread dies. */
    void superviseWith(Supervisor other) {
        supervisor = other;
    }

    /**
     * Restarts the thread if it died.
     *
     * @return whether it had died
     * @throws OutOfMemoryError if the JVM has no thread left; the next call tries again
     */
    synchronized boolean restartIfDead() {
        if (!isDead()) {
            return false;
        }
        failing = true;
        start();
        restarts.incrementAndGet();
        return true;
    }

    private void run() {
        // Before any work, which may call isCurrent().
        thread = Thread.currentThread();
        while (isOpen()) {
            boolean worked = attempt(work, failing);
            boolean recovered = worked && failing;
            failing = !worked;
            logFailure();
            if (recovered) {
                logRecovery();
            }
            restartSupervisor();
            pauseOnce();
        }
    }

    private void pauseOnce() {
        long before = interrupts.get();
        boolean paused = attempt(pause, pauseFails);
        pauseFails = !paused;
        logFailure();
        if (!paused || interrupts.get() != before) {
            pauseBriefly();
        }
    }

    /** Returns false if the step failed. Only keeps the exception, since there may be no memory for more. */
    private boolean attempt(Step step, boolean failedBefore) {
        try {
            if (Thread.interrupted()) {
                if (isOpen()) {
                    // The interrupt was for the previous step, whose calls it may have ended.
                    interrupted();
                } else {
                    // The interrupt follows a close and is for this step, which had not begun yet.
                    Thread.currentThread().interrupt();
                }
            }
            step.run();
            return true;
        } catch (InterruptedException e) {
            interrupted();
            return true;
        } catch (Throwable e) {
            failures.incrementAndGet();
            if (!failedBefore) {
                unlogged = e;
            }
            return false;
        }
    }

    // Logging and starting threads need memory, and the output stream of a host may throw anything: such failures are
    // counted, and the action is tried again.

    private void logFailure() {
        Throwable failure = unlogged;
        if (failure == null) {
            return;
        }
        try {
            // The number makes each attempt a different line: the log leaves out repeated lines, and may count one that
            // it could not write.
            LOG.error(
                    "The thread {} failed unexpectedly; it continues (failures so far: {}). Please report this bug",
                    name,
                    failures.get(),
                    failure);
            unlogged = null;
        } catch (Throwable e) {
            failures.incrementAndGet();
        }
    }

    private void logRecovery() {
        try {
            LOG.info("The thread {} works again", name);
        } catch (Throwable e) {
            failures.incrementAndGet();
        }
    }

    /** The agent closes a loop before it interrupts it, so any other interrupt comes from the host. */
    private void interrupted() {
        if (!isOpen() || interrupts.incrementAndGet() > 1) {
            return;
        }
        try {
            LOG.warn(
                    "Something interrupted the thread {}, but not the agent; it continues. Further interrupts are not logged",
                    name);
        } catch (Throwable e) {
            failures.incrementAndGet();
        }
    }

    private void restartSupervisor() {
        Supervisor other = supervisor;
        if (other == null) {
            return;
        }
        try {
            other.restartIfDead();
        } catch (Throwable e) {
            failures.incrementAndGet();
        }
    }

    /** Allocates nothing, and continues after an interrupt. */
    private void pauseBriefly() {
        long begun = System.nanoTime();
        long left = SHORT_PAUSE_NANOS;
        while (left > 0 && isOpen()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                interrupts.incrementAndGet();
            }
            left = SHORT_PAUSE_NANOS - (System.nanoTime() - begun);
        }
    }

    /** Stops the loop after the current step; returns at once. Ends a pause of {@link #every}. */
    public void close() {
        Thread begun;
        synchronized (this) {
            closing.countDown();
            begun = thread;
        }
        LockSupport.unpark(begun);
    }

    /**
     * Waits until a closed loop has stopped. An interrupt ends the wait, and the interrupt status stays set.
     *
     * @return whether it has stopped
     */
    public boolean endsWithin(Duration patience) {
        Thread begun = thread;
        if (begun == null) {
            return true;
        }
        try {
            if (begun != Thread.currentThread()) {
                begun.join(Math.max(1, patience.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !begun.isAlive();
    }

    /** Interrupts the current step of a closed loop. */
    public void interrupt() {
        Thread begun = thread;
        if (begun != null) {
            begun.interrupt();
        }
    }
}
