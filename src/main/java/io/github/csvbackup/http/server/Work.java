package io.github.csvbackup.http.server;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work that other threads do for connections, and the way of its results back to the server's thread, which calls all methods. */
final class Work implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final int RESULTS_AT_ONCE = 256;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Lanes lanes;
    private final Turns turns = new Turns();
    private final HeldBytes held;
    private final Selector selector;
    private final Queue<Job<?>> results = new ConcurrentLinkedQueue<>();

    /**
     * No work yet.
     *
     * @param server the name of the server, which the threads have too
     * @param selector woken up when there is a result
     */
    Work(String server, HeldBytes held, Selector selector) {
        this.lanes = new Lanes(server);
        this.held = held;
        this.selector = selector;
    }

    /** Receives the result of another thread, or null if it failed. On the server's thread. */
    @FunctionalInterface
    interface Completion<T> {
        void accept(@Nullable T result) throws IOException;
    }

    /** Runs work on another thread and brings the result back. */
    <T> void start(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        Job<T> job = new Job<>(connection, work, completion);
        try {
            lanes.of(lane).execute(job);
        } catch (RuntimeException | Error e) {
            post(job);
            LOG.error("A request could not be started", e);
        }
    }

    /** The same, when the turn of the connection's address has come. */
    <T> void startInTurn(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        turns.take(lane, connection.client(), connection, () -> {
            if (!connection.isOpen()) {
                return false;
            }
            if (lane == Lane.READERS && held.areTooMany()) {
                held.whenFewer(() -> {
                    if (!connection.isOpen() || !begun(lane, connection, work, completion)) {
                        endTurn(lane, connection);
                    }
                });
                return true;
            }
            return begun(lane, connection, work, completion);
        });
    }

    /** A failure here concerns that connection only, not the one for which this was called. */
    private <T> boolean begun(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        try {
            connection.begin();
            start(lane, connection, work, completion);
            return true;
        } catch (RuntimeException | Error e) {
            connection.close();
            LOG.error("A request could not begin", e);
            return false;
        }
    }

    /** Must be called once for each request that has begun in its turn. */
    void endTurn(Lane lane, Connection connection) {
        turns.end(lane, connection.client());
    }

    /** Removes a request that may be waiting for its turn. */
    void leave(Lane lane, Connection connection) {
        turns.leave(lane, connection.client(), connection);
    }

    boolean hasResults() {
        return !results.isEmpty();
    }

    /** Hands results over, some at once. */
    void takeResults() {
        for (int i = 0; i < RESULTS_AT_ONCE; i++) {
            Job<?> job = results.poll();
            if (job == null) {
                return;
            }
            job.connection.guarded(job);
        }
    }

    private void post(Job<?> job) {
        while (true) {
            try {
                results.add(job);
                selector.wakeup();
                return;
            } catch (OutOfMemoryError e) {
                // If the result were lost, its connection would wait indefinitely. So retry until memory is available
                // or the host ends.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Interrupts running work. */
    @Override
    public void close() {
        lanes.close();
    }

    /** Work for a connection, and later its result. */
    private final class Job<T> implements Runnable, Connection.Step {
        private final Connection connection;
        private final Supplier<T> work;
        private final Completion<T> completion;
        private volatile @Nullable T result;
        private boolean completed;

        Job(Connection connection, Supplier<T> work, Completion<T> completion) {
            this.connection = connection;
            this.work = work;
            this.completion = completion;
        }

        @Override
        public void run() {
            try {
                if (connection.isOpen()) {
                    result = work.get();
                }
            } catch (RuntimeException | Error e) {
                LOG.error("A request failed", e);
            } finally {
                // An interrupt by other code must not affect the next work.
                Thread.interrupted();
                post(this);
            }
        }

        /** Runs once, even if the pool kept a job for which it failed to start a thread. */
        @Override
        public void take() throws IOException {
            if (!completed) {
                completed = true;
                completion.accept(result);
            }
        }
    }
}
