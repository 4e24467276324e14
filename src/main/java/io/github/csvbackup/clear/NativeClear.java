package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the native call and proves its effect: last check, call with a deadline, reading the state again. Calls the function at most once. */
final class NativeClear {
    /** Ten seconds. Counted, because a clock that is set back must not prolong it. */
    private static final int PROOF_READS = 50;

    private static final Duration PROOF_EVERY = Duration.ofMillis(200);
    /** One call per volume. */
    private static final int CLEARS_AT_ONCE = 64;

    /** Counted from the moment before the first node was asked. */
    private static final Duration EVIDENCE_HOLDS_FOR = Duration.ofSeconds(45);

    /** Intent, reading the volume again and looking at VSS usually take less. */
    private static final Duration PREPARATION = Duration.ofSeconds(5);

    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";

    private final Cluster cluster;
    private final Duration deadline;
    private final VolumeWatch watch;
    private final NodeEvidence evidence;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final BoundedCalls clears;

    NativeClear(ClearContext context, Duration deadline) {
        this.cluster = context.cluster();
        this.watch = context.watch();
        this.evidence = context.evidence();
        this.nanoTime = context.nanoTime();
        this.pause = context.pause();
        this.clears = new BoundedCalls(CLEARS_AT_ONCE, cluster);
        this.deadline = deadline;
    }

    /**
     * The result of the call.
     *
     * @param after null if the state could not be read afterwards
     * @param called whether the function was called
     * @param unreturned the call if it has not returned and may still take effect; else null
     */
    record Result(
            Outcome outcome,
            @Nullable Integer code,
            String message,
            @Nullable BackupState after,
            boolean called,
            BoundedCalls.@Nullable Pending<Boolean> unreturned) {
        private static Result notCalled(
                Outcome outcome, @Nullable Integer code, String message, @Nullable BackupState state) {
            return new Result(outcome, code, "The clear function was not called: " + message, state, false, null);
        }

        private static Result called(
                Outcome outcome, @Nullable Integer code, String message, @Nullable BackupState after) {
            return new Result(outcome, code, message, after, true, null);
        }
    }

    /**
     * Clears.
     *
     * @param name the volume's name
     * @param overridden somebody overrides missing evidence
     * @param snapshot the known volumes
     */
    Result run(
            String name, Assessment assessment, EvidenceGatherer.Round round, boolean overridden, Snapshot snapshot) {
        Volume assessed = assessment.volume();
        Volume now;
        try {
            now = watch.readAgain(assessed);
        } catch (ClusterException e) {
            return Result.notCalled(
                    Outcome.FAILED,
                    e.code(),
                    name + " could not be read right before the call: " + e.getMessage() + ". " + e.remedy(),
                    null);
        }
        BackupState state = now.backupState();
        if (state.isNone()) {
            return Result.notCalled(
                    Outcome.NOTHING_TO_CLEAR, null, "the state of " + name + " ended by itself.", state);
        }
        if (!state.isInProgress()) {
            return Result.notCalled(
                    Outcome.REFUSED,
                    null,
                    "the cluster reports the backup state " + state + " of " + name
                            + ", which the agent does not know and therefore does not clear.",
                    state);
        }
        if (!now.resourceState().isOnline()
                || !now.friendlyPath().equals(assessed.friendlyPath())
                || !now.ownerNode().equalsIgnoreCase(assessed.ownerNode())) {
            return Result.notCalled(
                    Outcome.REFUSED,
                    null,
                    name + " changed during the checks (path " + now.friendlyPath() + ", owner " + now.ownerNode()
                            + ", resource " + now.resourceState() + ", state " + state + "). Assess it again.",
                    state);
        }
        Optional<String> objection = SameVssProcess.objection(evidence, round.vssAfter(), overridden);
        return objection.isPresent()
                ? Result.notCalled(Outcome.REFUSED, null, objection.get(), state)
                : call(ClearTarget.of(name, now, snapshot), round.askedNanos());
    }

    private Result call(ClearTarget target, long askedNanos) {
        Volume volume = target.volume();
        BoundedCalls.Pending<Boolean> call = clears.start(FUNCTION, () -> {
            // Checked last, on the thread of the call: the steps before it may have taken long.
            if (age(askedNanos).compareTo(EVIDENCE_HOLDS_FOR) > 0) {
                return false;
            }
            cluster.clear(volume, target.root());
            return true;
        });
        try {
            return call.await(deadline) ? proof(target) : tooOld(volume, askedNanos);
        } catch (CallTimeoutException e) {
            return unknown(volume, null, e.getMessage() + "; it may still take effect", call);
        } catch (ClusterException e) {
            return failed(target, e);
        }
    }

    /** True if a further volume would hardly get to its call while the answers of this round count. */
    boolean isTooOldForAnother(EvidenceGatherer.Round round) {
        return age(round.askedNanos()).plus(PREPARATION).compareTo(EVIDENCE_HOLDS_FOR) > 0;
    }

    private Duration age(long askedNanos) {
        return Duration.ofNanos(nanoTime.getAsLong() - askedNanos);
    }

    private Result tooOld(Volume volume, long askedNanos) {
        return Result.notCalled(
                Outcome.REFUSED,
                null,
                "the nodes were asked " + age(askedNanos).toSeconds()
                        + " s before the call could begin, and their answers are valid for "
                        + EVIDENCE_HOLDS_FOR.toSeconds()
                        + " s. Check for a slow node or a slow disk under the state directory, then try again.",
                volume.backupState());
    }

    private Result failed(ClearTarget target, ClusterException e) {
        Volume volume = target.volume();
        Integer code = e.code();
        if (!e.wasStarted()) {
            return Result.notCalled(Outcome.FAILED, null, e.getMessage() + ". " + e.remedy(), null);
        }
        if (code == null || Win32Error.of(code).clearing() == Win32Error.Clearing.UNKNOWN) {
            return unknown(volume, code, e.getMessage() + "; it may have taken effect", null);
        }
        String hint = code == Win32Error.INVALID_PARAMETER ? target.afterWrongPath() : e.remedy();
        return Result.called(Outcome.FAILED, code, e.getMessage() + ". " + hint, stateOf(volume));
    }

    /** The end of a call that missed its deadline, as sentences. */
    String lateEnd(Volume volume, BoundedCalls.Pending<Boolean> call) {
        String returned;
        try {
            returned = call.ended() ? "returned 0" : "ended without a call, because the evidence was too old";
        } catch (ClusterException | CallTimeoutException e) {
            returned = "failed: " + e.getMessage();
        }
        BackupState state = stateOf(volume);
        return "The clear that had not returned in time has now " + returned + ". The state is now "
                + (state == null ? "unreadable" : state) + ". If a backup has begun since, check that job.";
    }

    private Result unknown(
            Volume volume, @Nullable Integer code, String why, BoundedCalls.@Nullable Pending<Boolean> unreturned) {
        BackupState after = stateOf(volume);
        String message = why + ". The state is now " + (after == null ? "unreadable" : after.toString())
                + ". Watch it before you try again; the agent does not repeat the call.";
        return new Result(Outcome.UNKNOWN, code, message, after, true, unreturned);
    }

    private Result proof(ClearTarget target) {
        Volume volume = target.volume();
        BackupState after = stateOf(volume);
        for (int reads = 1; (after == null || !after.isNone()) && reads < PROOF_READS; reads++) {
            try {
                pause.pause(PROOF_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Result.called(
                        Outcome.UNKNOWN,
                        0,
                        "The function returned 0, but the check of the state afterwards was interrupted. Read the state again.",
                        after);
            }
            after = stateOf(volume);
        }
        if (after == null) {
            return Result.called(
                    Outcome.UNKNOWN,
                    0,
                    "The function returned 0, but the state could not be read afterwards. Check it with Get-ClusterSharedVolume.",
                    null);
        }
        return after.isNone()
                ? Result.called(
                        Outcome.CLEARED,
                        0,
                        "The state of " + target.name() + " was cleared and seen to be NONE afterwards.",
                        after)
                : Result.called(
                        Outcome.NOT_CLEARED,
                        0,
                        "The function returned 0, but the state of " + target.name() + " is still " + after
                                + ": this Windows version may not clear it. Move the volume to another node with "
                                + "Move-ClusterSharedVolume, once no backup job is running.",
                        after);
    }

    private @Nullable BackupState stateOf(Volume volume) {
        try {
            return watch.readAgain(volume).backupState();
        } catch (ClusterException e) {
            return null;
        }
    }
}
