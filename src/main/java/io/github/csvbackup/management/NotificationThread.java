package io.github.csvbackup.management;

import io.github.csvbackup.threads.DaemonThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the listeners of notifications, which are other people's code, away from the threads that poll and clear. One that blocks holds up
 * other listeners only: at most {@value #LONGEST_QUEUE} deliveries wait, later ones are dropped and the log says so. Thread-safe.
 */
public final class NotificationThread implements Executor, AutoCloseable {
    static final int LONGEST_QUEUE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(NotificationThread.class);

    private final AtomicBoolean dropping = new AtomicBoolean();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(LONGEST_QUEUE),
            DaemonThread.factory("csv-backup-notify"));

    @Override
    public void execute(Runnable delivery) {
        try {
            executor.execute(() -> deliver(delivery));
        } catch (RejectedExecutionException e) {
            if (!executor.isShutdown() && !dropping.getAndSet(true)) {
                LOG.warn("A JMX listener blocks: {} notifications wait, further ones are dropped", LONGEST_QUEUE);
            }
        }
    }

    private void deliver(Runnable delivery) {
        dropping.set(false);
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A JMX listener failed; the others are told all the same", e);
        }
    }

    /** Ends the thread: a listener that blocks is interrupted and waited for, one second at most. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("A JMX listener does not let go of the agent's thread csv-backup-notify");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
