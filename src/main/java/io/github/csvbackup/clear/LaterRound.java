package io.github.csvbackup.clear;

import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.Snapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the next round of a batch: it needs VSS to have stopped, which the last round has started. Used by one thread. */
final class LaterRound {
    private final Guard guard;
    private final Clock clock;
    private final Snapshot snapshot;
    private final String started;
    private final StartedVss seen;
    private final AfterClear afterClear;
    private StartedVss running;
    private boolean hasOtherVss;

    /**
     * @param snapshot of the poll before the last round
     * @param started names the nodes whose VSS service the last round has started, as a sentence; empty if it has started none
     * @param seen also the nodes where an earlier query of this agent has started it, right after the last round
     * @param afterClear knows when this agent asks again, also because of what this batch has cleared
     */
    LaterRound(Guard guard, Clock clock, Snapshot snapshot, String started, StartedVss seen, AfterClear afterClear) {
        this.guard = guard;
        this.clock = clock;
        this.snapshot = snapshot;
        this.started = started;
        this.seen = seen;
        this.running = seen;
        this.afterClear = afterClear;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** What the last round has started: for a refusal that says the rest itself. */
    String started() {
        return started;
    }

    /** Where VSS ran because this agent asked, right after the last round. */
    StartedVss seen() {
        return seen;
    }

    /** On these nodes the VSS service is not known to be the same process any more. There may be no estimate then. */
    void otherVss(Set<String> nodes) {
        running = running.without(nodes);
        hasOtherVss |= !nodes.isEmpty();
    }

    /**
     * The assessment of a volume that the last round was not for: VSS has been started since.
     *
     * @param clears the batch goes on with other volumes
     */
    Assessment delayed(Assessment made, boolean clears) {
        Instant next =
                guard.afterAQuestion(clock.instant(), clears ? afterClear.plannedWithAClear() : afterClear.planned());
        return guard.notBefore(next, made, snapshot);
    }

    /** What is known of the result of a volume that the guard allows. A refusal of it has no estimate. */
    ClearResult.Builder result(ClearItem item) {
        return item.result().clearableAt(null).butIfRefused(running.sentences());
    }

    /** Refuses a volume that the batch leaves for the next round. Not on the record. */
    ClearResult left(ClearItem item, String why) {
        Instant now = clock.instant();
        Instant estimate = estimate(item.assessment(), now);
        String told = running.sentences();
        String sentences = estimate == null ? told : (told + " " + guard.estimate(now, estimate)).strip();
        return item.result().clearableAt(estimate).butIfRefused(sentences).build(Outcome.REFUSED, null, why);
    }

    private @Nullable Instant estimate(Assessment assessment, Instant now) {
        if (hasOtherVss) {
            return null;
        }
        Instant next = guard.afterAQuestion(now, afterClear.planned());
        Instant own = assessment.verdict() == Verdict.CLEARABLE ? next : assessment.earliestClear();
        return own != null && own.isBefore(next) ? next : own;
    }
}
