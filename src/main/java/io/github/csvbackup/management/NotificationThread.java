package io.github.csvbackup.management;

import io.github.csvbackup.threads.SupervisedLoop;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs notification listeners, which are foreign code, on a thread that neither polls nor clears. A listener that blocks delays only other
 * listeners: at most {@value #LONGEST_QUEUE} deliveries wait, later ones are dropped and logged. Thread-safe.
 */
public final class NotificationThread implements Executor, AutoCloseable {
    static final int LONGEST_QUEUE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(NotificationThread.class);

    private static final Duration LISTENERS_MAY_END_WITHIN = Duration.ofSeconds(1);

    private final AtomicBoolean dropping = new AtomicBoolean();
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>(LONGEST_QUEUE);
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-notify", this::deliver, () -> {});
    private boolean listenersFail;

    public NotificationThread() {
        loop.start();
    }

    /** The loop, for a supervisor that restarts it if its thread dies. */
    public SupervisedLoop loop() {
        return loop;
    }

    @Override
    public void execute(Runnable delivery) {
        if (loop.isOpen() && !due.offer(delivery) && !dropping.getAndSet(true)) {
            LOG.warn("A JMX listener blocks: {} notifications are waiting, further ones are dropped", LONGEST_QUEUE);
        }
    }

    /** Runs the next delivery; waits for one until {@link #close} interrupts it. */
    private void deliver() throws InterruptedException {
        Runnable delivery = due.take();
        dropping.set(false);
        try {
            delivery.run();
            listenersFail = false;
        } catch (RuntimeException | Error e) {
            boolean known = listenersFail;
            listenersFail = true;
            if (!known) {
                LOG.error("A JMX listener failed; the other listeners still receive the notification", e);
            }
        }
    }

    /** Ends the thread. Interrupts a listener that blocks and waits for at most one second. */
    @Override
    public void close() {
        loop.close();
        loop.interrupt();
        if (!loop.endsWithin(LISTENERS_MAY_END_WITHIN)) {
            LOG.warn("A JMX listener still blocks the agent's thread {}", loop.name());
        }
    }
}
