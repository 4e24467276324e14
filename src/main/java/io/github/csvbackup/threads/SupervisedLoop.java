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
 * A thread of the agent that works and pauses in turn until it is closed. Nothing else ends it: it survives whatever its work throws, errors of the JVM
 * included, and interrupts, which come from the host. The first failure in a row is logged, and so is the recovery; all are counted. A
 * {@link Supervisor} starts the thread again should it die all the same. Thread-safe.
 */
public final class SupervisedLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoop.class);
    /** In place of a pause that failed or was interrupted, so that a host without memory does not lose a processor too. */
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
        /** May throw anything; the loop goes on. */
        void run() throws Exception;
    }

    /**
     * A loop that has its own kind of pause.
     *
     * @param name begins with {@code csv-backup-}
     * @param pause returns soon once whoever closes the loop has told it so
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

    /** A loop whose pauses are equally long; the last one ends as soon as the loop is closed. */
    public static SupervisedLoop every(String name, Duration pause, Step work) {
        return every(name, pause, work, task -> DaemonThread.named(name, task));
    }

    static SupervisedLoop every(String name, Duration pause, Step work, ThreadFactory threads) {
        return new SupervisedLoop(name, pause, work, threads);
    }

    private void awaitClose(Duration longest) throws InterruptedException {
        if (closing.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("{} ends", name);
        }
    }

    /**
     * Starts the thread; to be called once.
     *
     * @throws OutOfMemoryError if the JVM has no thread left
     */
    public synchronized void start() {
        Thread begun = threads.newThread(this::run);
        begun.start();
        thread = begun;
    }

    /** The thread's name. */
    public String name() {
        return name;
    }

    /** True on the loop's own thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** True until {@link #close}. */
    public boolean isOpen() {
        return closing.getCount() > 0;
    }

    /** True while the loop does not do its work: that failed when it was tried last, or the thread has died. */
    public boolean isInTrouble() {
        return isOpen() && (failing || isDead());
    }

    /** How often its work or its pause failed. */
    public long failures() {
        return failures.get();
    }

    /** How often its thread was started again. */
    public long restarts() {
        return restarts.get();
    }

    /** True if it was started, should run, and does not. */
    boolean isDead() {
        Thread begun = thread;
        return begun != null && isOpen() && !begun.isAlive();
    }

    /** The one that is started again by this loop, should its own thread die. */
    void superviseWith(Supervisor other) {
        supervisor = other;
    }

    /**
     * Starts the thread again if it has died.
     *
     * @return whether it had
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
        // Before any work: it may ask whether it is on this thread.
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

    /** False if the step failed. What it threw is kept as it is: there may be no memory for more. */
    private boolean attempt(Step step, boolean failedBefore) {
        try {
            if (Thread.interrupted()) {
                if (isOpen()) {
                    // It hit the step before this one, whose calls it may have ended.
                    interrupted();
                } else {
                    // Who closed the loop means this step, which had not begun yet.
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

    // Logging and starting threads need memory, and a host's stream may throw what it likes: what fails of that is
    // counted, and tried again.

    private void logFailure() {
        Throwable failure = unlogged;
        if (failure == null) {
            return;
        }
        try {
            // The number makes each try another line: the log leaves out repeated ones, and may count one that it could
            // not write.
            LOG.error(
                    "The thread {} failed unexpectedly; it goes on (failures so far: {}). Report this: it is a defect",
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

    /** Whoever means to end the loop closes it first; all others are the host. */
    private void interrupted() {
        if (!isOpen() || interrupts.incrementAndGet() > 1) {
            return;
        }
        try {
            LOG.warn(
                    "Something interrupted the thread {}, which the agent never does; it goes on. "
                            + "Further interrupts of it are not logged",
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

    /** Allocates nothing, and is not cut short by an interrupt. */
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

    /** Lets it end after the step under way; returns at once. Where the pause is the loop's own, it ends too. */
    public void close() {
        Thread begun;
        synchronized (this) {
            closing.countDown();
            begun = thread;
        }
        LockSupport.unpark(begun);
    }

    /**
     * Waits for the end of a loop that was closed. An interrupt ends the wait, and is kept.
     *
     * @return whether it has ended
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

    /** Cuts short the step under way of a loop that was closed. */
    public void interrupt() {
        Thread begun = thread;
        if (begun != null) {
            begun.interrupt();
        }
    }
}
