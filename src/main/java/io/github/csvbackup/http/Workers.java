package io.github.csvbackup.http;

import io.github.csvbackup.threads.DaemonThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that serve all clients, and a watchdog over them: a thread that waits too long for its client is interrupted, which
 * closes the connection. So clients that send half a request cannot occupy the server.
 */
final class Workers implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int THREADS = 8;
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final ThreadLocal<Work> CURRENT = new ThreadLocal<>();

    private final ThreadPoolExecutor pool;
    private final Set<Work> underWay = ConcurrentHashMap.newKeySet();
    private final Thread watchdog;
    private volatile boolean closed;

    Workers() {
        AtomicInteger serial = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> DaemonThread.named("csv-backup-http-" + serial.incrementAndGet(), task));
        this.watchdog = DaemonThread.named("csv-backup-http-watchdog", this::watch);
        watchdog.start();
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(() -> {
            Work work = new Work(Thread.currentThread());
            CURRENT.set(work);
            underWay.add(work);
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A request failed", e);
            } finally {
                underWay.remove(work);
                CURRENT.remove();
                work.end();
            }
        });
    }

    /** Says what the calling worker waits for from now on. */
    void enter(WorkPhase phase) {
        Work work = CURRENT.get();
        if (work != null) {
            work.enter(phase);
        }
    }

    private void watch() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            boolean crowded = !pool.getQueue().isEmpty();
            underWay.forEach(work -> work.interruptIfOver(crowded));
        }
    }

    @Override
    public void close() {
        closed = true;
        watchdog.interrupt();
        pool.shutdownNow();
    }

    /** One request on one thread. */
    private static final class Work {
        private final Thread thread;
        private WorkPhase phase = WorkPhase.HEAD;
        private long since = System.nanoTime();

        Work(Thread thread) {
            this.thread = thread;
        }

        synchronized void enter(WorkPhase next) {
            phase = next;
            since = System.nanoTime();
            if (Thread.interrupted()) {
                // The watchdog came a moment too late; what begins now must not be hit by it.
                since = System.nanoTime();
            }
        }

        synchronized void interruptIfOver(boolean crowded) {
            if (phase.isOver(System.nanoTime() - since, crowded)) {
                thread.interrupt();
            }
        }

        synchronized void end() {
            enter(WorkPhase.HANDLING);
        }
    }
}
