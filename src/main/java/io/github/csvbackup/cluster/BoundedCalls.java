package io.github.csvbackup.cluster;

import io.github.csvbackup.threads.DaemonThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs calls that may hang, each on its own daemon thread, and waits no longer than a deadline. A call that misses it is neither interrupted
 * nor repeated: it keeps its place until it ends by itself, so that hung calls do not pile up. A call without a free place waits for one within
 * its deadline, or fails at once if hung calls hold all places. Thread-safe.
 */
public final class BoundedCalls {
    /** Limits the threads: each call has one. */
    private static final int MOST_WAITING = 32;

    private final int bound;
    private final boolean inline;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger serial = new AtomicInteger();
    private final Set<Pending<?>> late = ConcurrentHashMap.newKeySet();

    private enum State {
        WAITING,
        BEGUN,
        GIVEN_UP
    }

    /**
     * A limit for calls of one kind.
     *
     * @param bound how many calls may be in progress, including hung ones
     */
    public BoundedCalls(int bound) {
        this(bound, false);
    }

    /**
     * A limit for calls to a cluster.
     *
     * @param bound how many calls may be in progress, including hung ones
     * @param cluster one that never blocks is called on the caller's thread
     */
    public BoundedCalls(int bound, Cluster cluster) {
        this(bound, cluster.neverBlocks());
    }

    private BoundedCalls(int bound, boolean inline) {
        this.bound = bound;
        this.inline = inline;
        this.places = new Semaphore(bound, true);
    }

    /**
     * Starts a call and returns at once.
     *
     * @param what the call, for messages: a clause such as {@code asking NODE2 for its VSS service}
     */
    public <T> Pending<T> start(String what, Callable<T> call) {
        Pending<T> pending = new Pending<>(what);
        if (late.size() >= bound || waiting.get() >= MOST_WAITING) {
            pending.answer.completeExceptionally(notStarted(what));
            return pending;
        }
        waiting.incrementAndGet();
        if (inline) {
            run(pending, call);
            return pending;
        }
        try {
            Thread thread = DaemonThread.named("csv-backup-call-" + serial.incrementAndGet(), () -> run(pending, call));
            pending.thread = thread;
            thread.start();
        } catch (OutOfMemoryError e) {
            // The host has no thread or memory left; the place must not be lost.
            waiting.decrementAndGet();
            pending.answer.completeExceptionally(ClusterException.notStarted(
                    what + " was not started: " + e.getMessage(),
                    "Check the memory and the number of threads of this JVM."));
        }
        return pending;
    }

    private <T> void run(Pending<T> pending, Callable<T> call) {
        boolean place = awaitPlace(pending);
        waiting.decrementAndGet();
        if (!place) {
            return;
        }
        if (!pending.begin()) {
            places.release();
            return;
        }
        ActiveNativeCalls.enter();
        // Free the place before the answer is seen: its receiver may call again at once.
        T value;
        try {
            value = call.call();
        } catch (Throwable e) {
            leave(pending);
            pending.answer.completeExceptionally(e);
            return;
        }
        leave(pending);
        pending.answer.complete(value);
    }

    /** False if the call was given up before it had a place; other interrupts do not end the wait. */
    private boolean awaitPlace(Pending<?> pending) {
        if (inline) {
            // The interrupt belongs to the caller and stays.
            places.acquireUninterruptibly();
            return true;
        }
        while (true) {
            try {
                places.acquire();
                return true;
            } catch (InterruptedException e) {
                if (pending.isGivenUp()) {
                    return false;
                }
            }
        }
    }

    private void leave(Pending<?> pending) {
        ActiveNativeCalls.leave();
        late.remove(pending);
        places.release();
    }

    private ClusterException notStarted(String what) {
        String hung = String.join("; ", late.stream().map(Pending::where).toList());
        return ClusterException.notStarted(
                what + " was not started: " + bound + " earlier calls have not returned"
                        + (hung.isEmpty() ? "" : " (" + hung + ")"),
                "Check the Cluster service of this node; restart the agent if the calls do not return.");
    }

    /** Starts a call and waits for it. */
    public <T> T call(String what, Duration deadline, Callable<T> call) throws ClusterException, CallTimeoutException {
        return start(what, call).await(deadline);
    }

    /** A call in progress. */
    public final class Pending<T> {
        private final String what;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile Thread thread = Thread.currentThread();

        private Pending(String what) {
            this.what = what;
        }

        /** The call, and the native function that it hangs in. */
        private String where() {
            String site = ActiveNativeCalls.site(thread);
            return site == null ? what : what + ", in " + site;
        }

        private boolean begin() {
            return state.compareAndSet(State.WAITING, State.BEGUN);
        }

        private boolean isGivenUp() {
            return state.get() == State.GIVEN_UP;
        }

        /**
         * Waits for the answer.
         *
         * @throws CallTimeoutException if it does not come in time; the call goes on
         * @throws ClusterException of the call, or because it found no place in time and never began
         */
        public T await(Duration deadline) throws ClusterException, CallTimeoutException {
            try {
                return answer.get(Math.max(0, deadline.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throwIfNotBegun();
                late.add(this);
                if (answer.isDone()) {
                    late.remove(this);
                }
                throw CallTimeoutException.after(what, deadline, ActiveNativeCalls.site(thread));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throwIfNotBegun();
                throw CallTimeoutException.interrupted(what);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ClusterException failure) {
                    throw failure;
                }
                throw ClusterException.unavailable(
                        what + " failed: " + e.getCause(), "This is a bug: report it with the agent's log.");
            }
        }

        /** Waits without a deadline: true once the call has ended, or as soon as it is certain not to begin. */
        public boolean endsWithin(Duration patience) {
            try {
                answer.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
                return true;
            } catch (ExecutionException e) {
                return true; // ended() reports the result
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void throwIfNotBegun() throws ClusterException {
            if (state.compareAndSet(State.WAITING, State.GIVEN_UP)) {
                thread.interrupt();
                throw notStarted(what);
            }
        }

        /** Runs something when the call has ended, or at once if it has, on the call's thread or this one. */
        public void whenEnded(Runnable then) {
            CompletableFuture<T> unused = answer.whenComplete((value, failure) -> then.run());
        }

        /** The result of the call, as for await; a call that has not ended is given up. */
        public T ended() throws ClusterException, CallTimeoutException {
            return await(Duration.ZERO);
        }
    }
}
