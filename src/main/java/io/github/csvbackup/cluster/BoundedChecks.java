package io.github.csvbackup.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes checks that may hang. A check that misses its deadline or fails becomes a finding. Checks that hang keep their places, so that repeated
 * checks do not pile up. Thread-safe.
 */
public final class BoundedChecks {
    /** What to do about a call that hangs. */
    private static final String HANGS = "Check the Cluster service; a failover may be in progress.";

    private final BoundedCalls calls;
    private final Duration deadline;

    /** @param deadline how long one check may take */
    public BoundedChecks(BoundedCalls calls, Duration deadline) {
        this.calls = calls;
        this.deadline = deadline;
    }

    /** A check in progress. */
    final class Begun<T> {
        private final BoundedCalls.Pending<T> pending;
        private final String check;
        private final Finding.Result failure;

        private Begun(String check, Finding.Result failure, BoundedCalls.Pending<T> pending) {
            this.check = check;
            this.failure = failure;
            this.pending = pending;
        }

        /**
         * The answer; null if there is none, which adds a finding.
         *
         * @param end when to stop waiting, by {@link System#nanoTime()}
         */
        @Nullable
        T await(long end, List<Finding> findings) {
            try {
                return pending.await(Duration.ofNanos(end - System.nanoTime()), deadline);
            } catch (ClusterException e) {
                findings.add(Finding.of(check, failure, e));
            } catch (CallTimeoutException e) {
                findings.add(new Finding(check, failure, String.valueOf(e.getMessage()), HANGS));
            }
            return null;
        }
    }

    /**
     * Begins a check and returns at once.
     *
     * @param failure the result if it fails
     * @param object what is checked, such as a node, for the message about a function that hangs
     */
    <T> Begun<T> begin(String check, Finding.Result failure, String object, Callable<T> call) {
        return new Begun<>(check, failure, calls.start("the check", () -> {
            ActiveNativeCalls.about(object);
            return call.call();
        }));
    }

    /** Makes a check and waits for it; null if it failed, which adds a finding. */
    public <T> @Nullable T attempt(String check, Finding.Result failure, List<Finding> findings, Callable<T> call) {
        return begin(check, failure, "", call).await(System.nanoTime() + deadline.toNanos(), findings);
    }
}
