package io.github.csvbackup.clear;

import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A request to clear one volume or several.
 *
 * @param force what overrides the guard; null if nothing does
 * @param batch the id of the request, in its results and its lines of the audit
 * @param begunNanos when it arrived, by the monotonic clock
 */
record ClearRequest(Caller caller, @Nullable ForceRequest force, String batch, long begunNanos) {
    /** Why the guard is overridden; empty if it is not. */
    String reasonToOverride(Assessment assessment) {
        return force == null || assessment.verdict() == Verdict.CLEARABLE ? "" : force.reasonText();
    }

    boolean isForced() {
        return force != null;
    }
}
