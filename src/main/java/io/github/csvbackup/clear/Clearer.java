package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.watch.PollingEndedException;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles requests to clear, one after the other: finds and takes the volumes, polls, assesses, reads once more, writes the intent, calls,
 * proves, writes the outcome. Thread-safe; a request blocks for as long as the requests before it and the deadlines of its calls allow.
 */
final class Clearer {
    private static final Logger LOG = LoggerFactory.getLogger(Clearer.class);
    private static final int MOST_PATHS = 64;

    private final Parts parts;
    private final LongSupplier nanoTime;

    Clearer(
            ClearContext context,
            ClearSettings settings,
            EvidenceGatherer gatherer,
            AfterClear afterClear,
            ClearReports reports,
            Runnable saveNow) {
        NativeClear nativeClear = new NativeClear(context, settings.clearDeadline());
        TakenVolumes taken = new TakenVolumes();
        this.nanoTime = context.nanoTime();
        this.parts = new Parts(
                context.watch(),
                gatherer,
                nativeClear,
                new RecordedClear(nativeClear, taken, afterClear, reports, saveNow, nanoTime),
                afterClear,
                taken,
                new ClearTurns(),
                reports,
                settings.allowForce(),
                volumes -> refreshAfterwards(context.watch(), volumes));
    }

    /**
     * What each request works with.
     *
     * @param afterwards receives the volumes on the record after the last one; they may be none
     */
    record Parts(
            VolumeWatch watch,
            EvidenceGatherer gatherer,
            NativeClear nativeClear,
            RecordedClear recorded,
            AfterClear afterClear,
            TakenVolumes taken,
            ClearTurns turns,
            ClearReports reports,
            boolean allowForce,
            Consumer<List<Volume>> afterwards) {

        /** A poll of all volumes: another one may have got the path of a volume in the request, and Windows would clear that one. */
        Snapshot polled() {
            try {
                return watch.refresh();
            } catch (PollingEndedException e) {
                throw e;
            } catch (IllegalStateException e) {
                throw new FailedPollException(e);
            }
        }
    }

    /** A poll failed because of a bug, before anything was done. */
    static final class FailedPollException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedPollException(IllegalStateException cause) {
            super(
                    "The clear function was not called: " + cause.getMessage()
                            + " Please report this bug with the agent's log.",
                    cause);
        }
    }

    /** The volumes that are being cleared. */
    Set<VolumeKey> inWork() {
        return parts.taken().volumes();
    }

    /** Lets no further clear begin and waits for running ones. */
    void drain(Duration patience) throws InterruptedException {
        parts.taken().drain(patience);
    }

    ClearResult clear(String path, Caller caller, @Nullable ForceRequest force) {
        ClearRequest request = new ClearRequest(caller, force, newBatch(), nanoTime.getAsLong());
        return new ClearBatch(parts, request, List.of(path)).run().get(0);
    }

    /** @throws IllegalArgumentException with a message for users, if the list is not valid; a path that is not valid has its own result */
    List<ClearResult> clearAll(List<@Nullable String> paths, Caller caller) {
        if (paths.isEmpty() || paths.size() > MOST_PATHS) {
            throw new IllegalArgumentException(
                    "clearAll takes 1 to " + MOST_PATHS + " paths, not " + paths.size() + ". Nothing was cleared.");
        }
        List<String> given = new ArrayList<>();
        for (String path : paths) {
            if (path == null) {
                throw new IllegalArgumentException(
                        "Path " + (given.size() + 1) + " of " + paths.size() + " is null. Nothing was cleared.");
            }
            given.add(path);
        }
        ClearRequest request = new ClearRequest(caller, null, newBatch(), nanoTime.getAsLong());
        return new ClearBatch(parts, request, given).run();
    }

    private static String newBatch() {
        return UUID.randomUUID().toString();
    }

    /** The clears are done and get their results, even if this poll fails. */
    private static void refreshAfterwards(VolumeWatch watch, List<Volume> volumes) {
        try {
            if (!volumes.isEmpty()) {
                watch.refresh(volumes);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The poll after a clear failed", e);
        }
    }
}
