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
 * Runs calls that may hang on daemon threads of their own and waits no longer than a deadline. A call that misses it is neither
 * interrupted nor repeated: it is left to end by itself and keeps its place until it does, so that hung calls never pile up. One that finds
 * no place waits for it within its deadline, and not at all if all places are held by calls that hang. Thread-safe.
 */
public final class BoundedCalls {
    /** More would be a flood; each is a thread. */
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
     * A bound for calls of one kind.
     *
     * @param bound how many calls may be under way, the hung ones included
     */
    public BoundedCalls(int bound) {
        this(bound, false);
    }

    /**
     * A bound for calls to a cluster.
     *
     * @param bound how many calls may be under way, the hung ones included
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
     * @param what the call in words, for messages: a clause such as {@code asking NODE2 for its VSS service}
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
            // The host has no thread or memory left: the place must not be lost with it.
            waiting.decrementAndGet();
            pending.answer.completeExceptionally(ClusterException.notStarted(
                    what + " was not started: " + e.getMessage(),
                    "Look at the memory and the number of threads of this JVM."));
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
        // The place is free before the answer is seen: who has it may call again at once.
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

    /** False if the call was given up before it had a place; no other interrupt ends the wait. */
    private boolean awaitPlace(Pending<?> pending) {
        if (inline) {
            // The interrupt is the caller's, and stays.
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
                "Look at the Cluster service of this node; restart the agent if the calls never return.");
    }

    /** Starts a call and waits for it. */
    public <T> T call(String what, Duration deadline, Callable<T> call) throws ClusterException, CallTimeoutException {
        return start(what, call).await(deadline);
    }

    /** A call under way. */
    public final class Pending<T> {
        private final String what;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile Thread thread = Thread.currentThread();

        private Pending(String what) {
            this.what = what;
        }

        /** What it is, and the native function that it hangs in. */
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
         * @throws CallTimeoutException if there is none in time; the call goes on
         * @throws ClusterException what the call threw, or that it found no place in time and never began
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
                        what + " failed: " + e.getCause(), "Report this with the agent's log: it is a defect.");
            }
        }

        /** Waits, and gives nothing up: true once the call has ended, or as soon as it is known that it will not begin. */
        public boolean endsWithin(Duration patience) {
            try {
                answer.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
                return true;
            } catch (ExecutionException e) {
                return true; // what it came to is told by ended()
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

        /** Runs something when the call has ended, at once if it has; on the call's thread or this one. */
        public void whenEnded(Runnable then) {
            CompletableFuture<T> unused = answer.whenComplete((value, failure) -> then.run());
        }

        /** What the call came to, as await tells it; one that has not ended is given up. */
        public T ended() throws ClusterException, CallTimeoutException {
            return await(Duration.ZERO);
        }
    }
}
