package io.github.csvbackup.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs calls that may hang on daemon threads of their own and waits no longer than a deadline. A call that misses it is neither
 * interrupted nor repeated: it is left to end by itself and counts against the bound until it does, so that hung calls never
 * pile up. Thread-safe.
 */
public final class BoundedCalls {
    private final int bound;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger serial = new AtomicInteger();
    private final Set<String> late = ConcurrentHashMap.newKeySet();

    /** @param bound how many calls may be under way, the hung ones included */
    public BoundedCalls(int bound) {
        this.bound = bound;
    }

    /**
     * Starts a call and returns at once.
     *
     * @param what the call in words, for messages: a clause such as {@code asking NODE2 for its VSS service}
     */
    public <T> Pending<T> start(String what, Callable<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (running.incrementAndGet() > bound) {
            running.decrementAndGet();
            answer.completeExceptionally(ClusterException.unavailable(
                    what,
                    what + " was not started: " + bound + " earlier calls have not returned (" + String.join("; ", late)
                            + ")",
                    "Look at the Cluster service of this node; restart the agent once the calls return."));
            return new Pending<>(what, answer);
        }
        Thread thread = new Thread(
                () -> {
                    // The place is free before the answer is seen: who has it may call again at once.
                    try {
                        T value = call.call();
                        leave(what);
                        answer.complete(value);
                    } catch (Throwable e) {
                        leave(what);
                        answer.completeExceptionally(e);
                    }
                },
                "csv-backup-call-" + serial.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
        return new Pending<>(what, answer);
    }

    private void leave(String what) {
        late.remove(what);
        running.decrementAndGet();
    }

    /** Starts a call and waits for it. */
    public <T> T call(String what, Duration deadline, Callable<T> call) throws ClusterException, CallTimeoutException {
        return start(what, call).await(deadline);
    }

    /** A call under way. */
    public final class Pending<T> {
        private final String what;
        private final CompletableFuture<T> answer;

        private Pending(String what, CompletableFuture<T> answer) {
            this.what = what;
            this.answer = answer;
        }

        /**
         * Waits for the answer.
         *
         * @throws CallTimeoutException if there is none in time; the call goes on
         */
        public T await(Duration deadline) throws ClusterException, CallTimeoutException {
            try {
                return answer.get(Math.max(0, deadline.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                late.add(what);
                if (answer.isDone()) {
                    late.remove(what);
                }
                throw new CallTimeoutException(what, deadline);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CallTimeoutException(what, Duration.ZERO);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ClusterException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof Error error) {
                    throw ClusterException.unavailable(
                            what, what + " failed: " + error, "Report this with the agent's log: it is a defect.");
                }
                throw ClusterException.unavailable(
                        what, what + " failed: " + e.getCause(), "Report this with the agent's log: it is a defect.");
            }
        }
    }
}
