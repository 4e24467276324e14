package io.github.csvbackup.management;

import io.github.csvbackup.threads.SupervisedLoop;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
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

    private static final Duration LISTENERS_MAY_END_WITHIN = Duration.ofSeconds(1);

    private final AtomicBoolean dropping = new AtomicBoolean();
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>(LONGEST_QUEUE);
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-notify", this::deliver, () -> {});
    private boolean listenersFail;

    public NotificationThread() {
        loop.start();
    }

    /** The thread, which a supervisor starts again should it die. */
    public SupervisedLoop loop() {
        return loop;
    }

    @Override
    public void execute(Runnable delivery) {
        if (loop.isOpen() && !due.offer(delivery) && !dropping.getAndSet(true)) {
            LOG.warn("A JMX listener blocks: {} notifications wait, further ones are dropped", LONGEST_QUEUE);
        }
    }

    /** One delivery, or none within a second. */
    private void deliver() throws InterruptedException {
        Runnable delivery = due.poll(1, TimeUnit.SECONDS);
        if (delivery == null) {
            return;
        }
        dropping.set(false);
        try {
            delivery.run();
            listenersFail = false;
        } catch (RuntimeException | Error e) {
            boolean known = listenersFail;
            listenersFail = true;
            if (!known) {
                LOG.error("A JMX listener failed; the others are told all the same", e);
            }
        }
    }

    /** Ends the thread: a listener that blocks is interrupted and waited for, one second at most. */
    @Override
    public void close() {
        loop.close();
        loop.interrupt();
        if (!loop.endsWithin(LISTENERS_MAY_END_WITHIN)) {
            LOG.warn("A JMX listener does not let go of the agent's thread {}", loop.name());
        }
    }
}
