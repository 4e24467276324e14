package io.github.csvbackup.cluster;

import io.github.csvbackup.threads.CallThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls that may hang, each on its own daemon thread, and waits no longer than a deadline. A call that misses it is neither interrupted
 * nor repeated: it keeps its place until it ends by itself, so that hung calls do not pile up. A call without a free place waits for one within
 * its deadline, or fails at once if hung calls hold all places. Thread-safe.
 */
public final class BoundedCalls {
    /** Limits what callers can leave behind. */
    private static final int MOST_WAITING = 32;

    private static final String CLUSTER =
            "Check the Cluster service of this node; restart the agent if the calls do not return.";

    private final int bound;
    private final boolean inline;
    private final Executor threads;
    private final String remedy;
    /** Guarded by this, like the states of the calls. Not empty only if all places are taken. */
    private final Deque<Pending<?>> waiting = new ArrayDeque<>();

    private final Set<Pending<?>> late = new LinkedHashSet<>();
    private int running;

    private enum State {
        WAITING,
        BEGUN,
        ENDED,
        GIVEN_UP
    }

    /**
     * A limit for calls of one kind.
     *
     * @param bound how many calls may be in progress, including hung ones
     */
    public BoundedCalls(int bound) {
        this(bound, false, CallThreads::run, CLUSTER);
    }

    /**
     * A limit for calls to a cluster.
     *
     * @param bound how many calls may be in progress, including hung ones
     * @param cluster one that never blocks is called on the caller's thread
     */
    public BoundedCalls(int bound, Cluster cluster) {
        this(bound, cluster.neverBlocks(), CallThreads::run, CLUSTER);
    }

    /**
     * A limit for calls to a cluster that need something else than the Cluster service.
     *
     * @param bound how many calls may be in progress, including hung ones
     * @param cluster one that never blocks is called on the caller's thread
     * @param remedy what to do if hung calls hold all places: a sentence
     */
    public BoundedCalls(int bound, Cluster cluster, String remedy) {
        this(bound, cluster.neverBlocks(), CallThreads::run, remedy);
    }

    /**
     * A limit for calls of one kind.
     *
     * @param bound how many calls may be in progress, including hung ones
     * @param inline the calls never block, and are made on the caller's thread
     */
    public BoundedCalls(int bound, boolean inline) {
        this(bound, inline, CallThreads::run, CLUSTER);
    }

    BoundedCalls(int bound, boolean inline, Executor threads) {
        this(bound, inline, threads, CLUSTER);
    }

    private BoundedCalls(int bound, boolean inline, Executor threads, String remedy) {
        this.remedy = remedy;
        this.bound = bound;
        this.inline = inline;
        this.threads = threads;
    }

    /**
     * Starts a call and returns at once.
     *
     * @param what the call, for messages: a clause such as {@code asking NODE2 for its VSS service}
     */
    public <T> Pending<T> start(String what, Callable<T> call) {
        Pending<T> pending = new Pending<>(what, call);
        if (inline) {
            pending.run();
            return pending;
        }
        ClusterException refused = place(pending);
        if (refused != null) {
            pending.answer.completeExceptionally(refused);
        }
        return pending;
    }

    private synchronized @Nullable ClusterException place(Pending<?> pending) {
        if (late.size() >= bound || waiting.size() >= MOST_WAITING) {
            return notStarted(pending.what);
        }
        if (running >= bound) {
            waiting.add(pending);
            return null;
        }
        try {
            threads.execute(() -> work(pending));
        } catch (OutOfMemoryError e) {
            // The host has no thread or memory left.
            return ClusterException.notStarted(
                    pending.what + " was not started: " + e.getMessage(),
                    "Check the memory and the number of threads of this JVM.");
        }
        running++;
        return null;
    }

    /** The work of a thread: a call, and those that wait for its place. */
    private void work(Pending<?> first) {
        Pending<?> call = first;
        while (call != null) {
            call = call.run();
            // If the host interrupted the call that has ended, the next is not meant.
            boolean unused = Thread.interrupted();
        }
    }

    /** Passes the place of a call that has ended on; null if none waits for it. */
    private synchronized @Nullable Pending<?> leave(Pending<?> ended) {
        if (ended.state == State.BEGUN) {
            ended.state = State.ENDED;
            ended.thread = null;
            late.remove(ended);
        }
        Pending<?> next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }

    private synchronized ClusterException notStarted(String what) {
        String hung = String.join("; ", late.stream().map(Pending::where).toList());
        return ClusterException.notStarted(
                what + " was not started: " + bound + " earlier calls have not returned"
                        + (hung.isEmpty() ? "" : " (" + hung + ")"),
                remedy);
    }

    /** Starts a call and waits for it. */
    public <T> T call(String what, Duration deadline, Callable<T> call) throws ClusterException, CallTimeoutException {
        return start(what, call).await(deadline);
    }

    /** A call in progress. */
    public final class Pending<T> {
        private final String what;
        private final Callable<T> call;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private State state = State.WAITING;
        private @Nullable Thread thread;

        private Pending(String what, Callable<T> call) {
            this.what = what;
            this.call = call;
        }

        /** Makes the call and returns the next that has its place, if there is one. */
        private @Nullable Pending<?> run() {
            if (!begin()) {
                return leave(this);
            }
            // Pass the place on before the answer is seen: its receiver may call again at once.
            T value;
            try {
                value = made();
            } catch (Throwable e) {
                Pending<?> next = end();
                answer.completeExceptionally(e);
                return next;
            }
            Pending<?> next = end();
            answer.complete(value);
            return next;
        }

        private T made() throws Exception {
            ActiveNativeCalls.enter();
            try {
                return call.call();
            } finally {
                ActiveNativeCalls.leave();
            }
        }

        private boolean begin() {
            synchronized (BoundedCalls.this) {
                if (state == State.GIVEN_UP) {
                    return false;
                }
                state = State.BEGUN;
                thread = Thread.currentThread();
                return true;
            }
        }

        private @Nullable Pending<?> end() {
            if (inline) {
                return null;
            }
            Pending<?> next = leave(this);
            if (next == null || answer.getNumberOfDependents() == 0) {
                return next;
            }
            // What runs at the end of this call may take long.
            try {
                threads.execute(() -> work(next));
                return null;
            } catch (OutOfMemoryError e) {
                return next;
            }
        }

        /** The call, and the native function that it hangs in. */
        private String where() {
            String site = site();
            return site == null ? what : what + ", in " + site;
        }

        private @Nullable String site() {
            synchronized (BoundedCalls.this) {
                return thread == null ? null : ActiveNativeCalls.site(thread);
            }
        }

        /**
         * Waits for the answer.
         *
         * @throws CallTimeoutException if it does not come in time; the call goes on
         * @throws ClusterException of the call, or because it found no place in time and never began
         */
        public T await(Duration deadline) throws ClusterException, CallTimeoutException {
            return await(deadline, deadline);
        }

        /**
         * As {@link #await(Duration)}, for a call that was started some time ago.
         *
         * @param rest what is left of the deadline
         */
        public T await(Duration rest, Duration deadline) throws ClusterException, CallTimeoutException {
            try {
                return answer.get(Math.max(0, rest.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                giveUp();
                throw CallTimeoutException.after(what, deadline, site());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                giveUpIfNotBegun();
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

        private void giveUp() throws ClusterException {
            synchronized (BoundedCalls.this) {
                giveUpIfNotBegun();
                if (state == State.BEGUN) {
                    late.add(this);
                }
            }
        }

        private void giveUpIfNotBegun() throws ClusterException {
            synchronized (BoundedCalls.this) {
                if (state == State.WAITING) {
                    state = State.GIVEN_UP;
                    waiting.remove(this);
                }
                if (state == State.GIVEN_UP) {
                    throw notStarted(what);
                }
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
