package io.github.csvbackup.clear;

import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.Snapshot;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the next round of a batch: it needs VSS to have stopped, which the last round has started.
 *
 * @param snapshot of the poll before the last round
 * @param started names the nodes whose VSS service the last round has started, as a sentence; empty if it has started none
 */
record LaterRound(Guard guard, Clock clock, Snapshot snapshot, String started) {
    /** The assessment of a volume that the last round was not for: VSS has been started since. */
    Assessment delayed(Assessment made) {
        return guard.notBefore(guard.afterAQuestion(clock.instant()), made, snapshot);
    }

    /** What is known of the result of a volume that the guard allows. A refusal of it has no estimate. */
    ClearResult.Builder result(ClearItem item) {
        return item.result().clearableAt(null).butIfRefused(started);
    }

    /** Refuses a volume that the batch leaves for the next round. Not on the record. */
    ClearResult left(ClearItem item, String why) {
        Instant now = clock.instant();
        Instant estimate = estimate(item.assessment(), now);
        String sentences = estimate == null ? started : (started + " " + guard.estimate(now, estimate)).strip();
        return item.result().clearableAt(estimate).butIfRefused(sentences).build(Outcome.REFUSED, null, why);
    }

    private @Nullable Instant estimate(Assessment assessment, Instant now) {
        Instant next = guard.afterAQuestion(now);
        Instant own = assessment.verdict() == Verdict.CLEARABLE ? next : assessment.earliestClear();
        return own != null && own.isBefore(next) ? next : own;
    }
}
