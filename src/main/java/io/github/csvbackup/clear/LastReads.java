package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.VolumeWatch;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is read once more right before the intent and the native call: the volume, and the VSS process of each node. */
record LastReads(VolumeWatch watch, NodeEvidence evidence, LongSupplier nanoTime) {
    /** What they found. */
    sealed interface Found permits ReadyClear, Declined {}

    /**
     * The clear must not begin.
     *
     * @param state the state that was read; null if it could not be read
     * @param otherVss why no VSS process may count as the same since the nodes were asked; null if that was not the reason
     */
    record Declined(
            Outcome outcome,
            @Nullable Integer code,
            String message,
            @Nullable BackupState state,
            SameVssProcess.@Nullable Objection otherVss)
            implements Found {
        private static Declined refused(String why, BackupState state) {
            return new Declined(Outcome.REFUSED, null, Refusals.notCalled(why), state, null);
        }

        private static Declined otherVss(SameVssProcess.Objection objection, BackupState state) {
            return new Declined(Outcome.REFUSED, null, Refusals.notCalled(objection.why()), state, objection);
        }
    }

    /**
     * Reads.
     *
     * @param name the volume's name
     * @param overridden somebody overrides missing evidence
     */
    Found of(String name, Assessment assessment, EvidenceGatherer.Round round, boolean overridden, LaterRound later) {
        long begun = nanoTime.getAsLong();
        Volume assessed = assessment.volume();
        Volume now;
        try {
            now = watch.readAgain(assessed);
        } catch (ClusterException e) {
            String why = name + " could not be read right before the call: " + e.getMessage() + ". " + e.remedy();
            return new Declined(Outcome.FAILED, e.code(), Refusals.notCalled(why), null, null);
        }
        BackupState state = now.backupState();
        if (state.isNone()) {
            String why = "the state of " + name + " ended by itself.";
            return new Declined(Outcome.NOTHING_TO_CLEAR, null, Refusals.notCalled(why), state, null);
        }
        if (!state.isInProgress()) {
            return Declined.refused(
                    "the cluster reports the backup state " + state + " of " + name
                            + ", which the agent does not know and therefore does not clear.",
                    state);
        }
        if (!now.resourceState().isOnline()
                || !now.friendlyPath().equals(assessed.friendlyPath())
                || !now.ownerNode().equalsIgnoreCase(assessed.ownerNode())) {
            return Declined.refused(
                    name + " changed during the checks (path " + now.friendlyPath() + ", owner " + now.ownerNode()
                            + ", resource " + now.resourceState() + ", state " + state + "). Assess it again.",
                    state);
        }
        Optional<SameVssProcess.Objection> objection =
                SameVssProcess.objection(evidence, round.vssAfter(), later.seen(), overridden);
        return objection.isPresent()
                ? Declined.otherVss(objection.get(), state)
                : new ReadyClear(ClearTarget.of(name, now, later.snapshot()), round.askedNanos(), begun);
    }
}
