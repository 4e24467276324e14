package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The native call and its proof: last look, call with a deadline, reading the state again. Calls the function at most once. */
final class NativeClear {
    private static final Duration PROOF_WITHIN = Duration.ofSeconds(10);
    private static final Duration PROOF_EVERY = Duration.ofMillis(200);
    private static final int CALLS_AT_ONCE = 4;

    private final Cluster cluster;
    private final Duration deadline;
    private final Duration readDeadline;
    private final Clock clock;
    private final Pause pause;
    private final BoundedCalls calls = new BoundedCalls(CALLS_AT_ONCE);

    NativeClear(Cluster cluster, Duration deadline, Duration readDeadline, Clock clock, Pause pause) {
        this.cluster = cluster;
        this.deadline = deadline;
        this.readDeadline = readDeadline;
        this.clock = clock;
        this.pause = pause;
    }

    /** How it went; {@code after} is null if the state could not be read afterwards. */
    record Result(
            Outcome outcome,
            @Nullable Integer code,
            String message,
            @Nullable BackupState after) {}

    Result run(Volume assessed) {
        String name = assessed.friendlyPath();
        Volume now;
        try {
            now = read(assessed);
        } catch (ClusterException e) {
            return new Result(
                    Outcome.FAILED,
                    e.code(),
                    "Not called: " + name + " could not be read right before the call: " + e.getMessage() + ". "
                            + e.remedy(),
                    null);
        } catch (CallTimeoutException e) {
            return new Result(Outcome.FAILED, null, "Not called: " + e.getMessage() + ". Try again later.", null);
        }
        BackupState state = now.backupState();
        if (state.isNone()) {
            return new Result(
                    Outcome.NOTHING_TO_CLEAR, null, "Not called: the state of " + name + " ended by itself.", state);
        }
        if (!state.isInProgress()
                || !now.resourceState().isOnline()
                || !now.ownerNode().equalsIgnoreCase(assessed.ownerNode())) {
            return new Result(
                    Outcome.REFUSED,
                    null,
                    "Not called: " + name + " changed during the checks (owner " + now.ownerNode() + ", resource "
                            + now.resourceState() + ", state " + state + "). Assess it again.",
                    state);
        }
        return call(now);
    }

    private Result call(Volume volume) {
        try {
            calls.call("ClusterClearBackupStateForSharedVolume", deadline, () -> {
                cluster.clear(volume);
                return true;
            });
            return proof(volume);
        } catch (CallTimeoutException e) {
            return unknown(volume, null, e.getMessage() + "; it may still take effect");
        } catch (ClusterException e) {
            Integer code = e.code();
            if (code == null || Win32Error.of(code).clearing() == Win32Error.Clearing.UNKNOWN) {
                return unknown(volume, code, e.getMessage() + "; it may have happened");
            }
            String hint = code == Win32Error.INVALID_PARAMETER
                    ? "The cluster lists " + volume.friendlyPath()
                            + " as a shared volume, and still the function takes its path for wrong: look at the mount point on "
                            + volume.ownerNode() + " and try there."
                    : e.remedy();
            return new Result(Outcome.FAILED, code, e.getMessage() + " " + hint, stateOf(volume));
        }
    }

    private Result unknown(Volume volume, @Nullable Integer code, String why) {
        BackupState after = stateOf(volume);
        return new Result(
                Outcome.UNKNOWN,
                code,
                why + ". The state is now " + (after == null ? "unreadable" : after.toString())
                        + ". Watch it before you ask again; the agent does not repeat the call.",
                after);
    }

    private Result proof(Volume volume) {
        Instant end = clock.instant().plus(PROOF_WITHIN);
        BackupState after = stateOf(volume);
        while ((after == null || !after.isNone()) && clock.instant().isBefore(end)) {
            try {
                pause.pause(PROOF_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            after = stateOf(volume);
        }
        if (after == null) {
            return new Result(
                    Outcome.UNKNOWN,
                    0,
                    "The function returned 0, and the state could not be read afterwards. Look at it with Get-ClusterSharedVolume.",
                    null);
        }
        return after.isNone()
                ? new Result(
                        Outcome.CLEARED,
                        0,
                        "The state of " + volume.friendlyPath() + " was cleared and seen to be NONE afterwards.",
                        after)
                : new Result(
                        Outcome.NOT_CLEARED,
                        0,
                        "The function returned 0, but the state of " + volume.friendlyPath() + " is still " + after
                                + ": this Windows version may not clear it. Move the volume to another node with "
                                + "Move-ClusterSharedVolume, once no backup job runs.",
                        after);
    }

    private @Nullable BackupState stateOf(Volume volume) {
        try {
            return read(volume).backupState();
        } catch (ClusterException | CallTimeoutException e) {
            return null;
        }
    }

    private Volume read(Volume volume) throws ClusterException, CallTimeoutException {
        return calls.call(
                "reading " + volume.friendlyPath() + " again", readDeadline, () -> cluster.read(volume.key()));
    }
}
