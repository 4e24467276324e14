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
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the native call with a deadline, and proves its effect by reading the state again. Calls the function at most once. */
final class NativeClear {
    /** Ten seconds. Counted, because a clock that is set back must not prolong it. */
    private static final int PROOF_READS = 50;

    private static final Duration PROOF_EVERY = Duration.ofMillis(200);
    /** One call per volume. */
    private static final int CLEARS_AT_ONCE = 64;

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
            BoundedCalls.@Nullable Pending<Optional<String>> unreturned) {
        private static Result notCalled(Outcome outcome, String message, @Nullable BackupState state) {
            return new Result(outcome, null, Refusals.notCalled(message), state, false, null);
        }

        private static Result called(
                Outcome outcome, @Nullable Integer code, String message, @Nullable BackupState after) {
            return new Result(outcome, code, message, after, true, null);
        }
    }

    /** What is read once more; to be called right before the intent. */
    LastReads.Found prepare(
            String name, Assessment assessment, EvidenceGatherer.Round round, boolean overridden, LaterRound later) {
        return new LastReads(watch, evidence, nanoTime).of(name, assessment, round, overridden, later);
    }

    /** Clears; to be called right after the intent. */
    Result call(ReadyClear ready) {
        ClearTarget target = ready.target();
        Volume volume = target.volume();
        BoundedCalls.Pending<Optional<String>> call = clears.start(FUNCTION, () -> {
            // Checked last, on the thread of the call: the steps before it may have taken long.
            Optional<String> tooLate = ready.tooLate(nanoTime.getAsLong());
            if (tooLate.isEmpty()) {
                cluster.clear(volume, target.root());
            }
            return tooLate;
        });
        try {
            Optional<String> tooLate = call.await(deadline);
            return tooLate.isEmpty()
                    ? proof(target)
                    : Result.notCalled(Outcome.REFUSED, tooLate.get(), volume.backupState());
        } catch (CallTimeoutException e) {
            return unknown(volume, null, e.getMessage() + "; it may still take effect", call);
        } catch (ClusterException e) {
            return failed(target, e);
        }
    }

    /** True if a further volume would hardly get to its call while the answers of this round count. */
    boolean isTooOldForAnother(EvidenceGatherer.Round round) {
        return Duration.ofNanos(nanoTime.getAsLong() - round.askedNanos())
                        .plus(ReadyClear.READS_HOLD_FOR)
                        .compareTo(ReadyClear.EVIDENCE_HOLDS_FOR)
                > 0;
    }

    private Result failed(ClearTarget target, ClusterException e) {
        Volume volume = target.volume();
        Integer code = e.code();
        if (!e.wasStarted()) {
            return Result.notCalled(Outcome.FAILED, e.getMessage() + ". " + e.remedy(), null);
        }
        if (code == null || Win32Error.of(code).clearing() == Win32Error.Clearing.UNKNOWN) {
            return unknown(volume, code, e.getMessage() + "; it may have taken effect", null);
        }
        String hint = code == Win32Error.INVALID_PARAMETER ? target.afterWrongPath() : e.remedy();
        return Result.called(Outcome.FAILED, code, e.getMessage() + ". " + hint, stateOf(volume));
    }

    /** The end of a call that missed its deadline, as sentences. */
    String lateEnd(Volume volume, BoundedCalls.Pending<Optional<String>> call) {
        String returned;
        try {
            returned = call.ended().isEmpty() ? "returned 0" : "ended without a call, because the evidence was too old";
        } catch (ClusterException | CallTimeoutException e) {
            returned = "failed: " + e.getMessage();
        }
        BackupState state = stateOf(volume);
        return "The clear that had not returned in time has now " + returned + ". The state is now "
                + (state == null ? "unreadable" : state) + ". If a backup has begun since, check that job.";
    }

    private Result unknown(
            Volume volume,
            @Nullable Integer code,
            String why,
            BoundedCalls.@Nullable Pending<Optional<String>> unreturned) {
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
