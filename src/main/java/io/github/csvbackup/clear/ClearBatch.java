package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.PollingEndedException;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to clear one volume or several: the nodes are asked once for all of them, then one volume after the other is cleared. Used by one
 * thread, once.
 */
final class ClearBatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClearBatch.class);

    private final Clearer.Parts parts;
    private final ClearRequest request;
    private final @Nullable ClearResult[] results;
    private final List<ClearItem> open = new ArrayList<>();
    private final Set<VolumeKey> mine = new HashSet<>();

    ClearBatch(Clearer.Parts parts, ClearRequest request, List<String> paths) {
        this.parts = parts;
        this.request = request;
        this.results = new ClearResult[paths.size()];
        // A path that is on no volume also ends once, however often it is in the request.
        Map<String, ClearItem> byPath = new LinkedHashMap<>();
        for (int place = 0; place < paths.size(); place++) {
            byPath.computeIfAbsent(paths.get(place), ClearItem::new).addPlace(place);
        }
        open.addAll(byPath.values());
    }

    /** The results, in the order of the paths. */
    List<ClearResult> run() {
        try {
            resolve();
            takeAndClear();
        } catch (PollingEndedException e) {
            endSome(item -> refused(item, Refusals.STOPPING));
        } catch (Clearer.FailedPollException e) {
            endSome(item -> ended(item.result().build(Outcome.FAILED, null, String.valueOf(e.getMessage()))));
        } catch (RuntimeException | Error e) {
            LOG.error("A request to clear failed before the next call", e);
            endSome(item -> unrecorded(item, Outcome.FAILED, Refusals.bug(e)));
        }
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }

    private void resolve() {
        Snapshot known = parts.watch().snapshot();
        // The last poll may be too old to know a volume, or for what makes a path ambiguous.
        boolean old = open.stream()
                .flatMap(item -> item.paths().stream())
                .anyMatch(path -> Lookup.of(path, known) instanceof Lookup.Failed);
        Snapshot snapshot = old ? parts.polled() : known;
        Map<VolumeKey, ClearItem> byVolume = new LinkedHashMap<>();
        endSome(item -> {
            Lookup lookup = Lookup.of(item.paths().iterator().next(), snapshot);
            if (lookup instanceof Lookup.Failed failed) {
                return ended(failed.result());
            }
            item.found((Lookup.Found) lookup);
            ClearItem same = byVolume.putIfAbsent(item.key(), item);
            if (same != null) {
                same.join(item);
            }
            return null;
        });
        open.retainAll(byVolume.values());
    }

    private void takeAndClear() {
        try {
            endSome(item -> {
                TakenVolumes.Holder other = parts.taken().take(item.key(), request.caller());
                if (other != null) {
                    return refused(item, Refusals.busy(item.name(), other.caller(), other.unreturned()));
                }
                mine.add(item.key());
                return null;
            });
            if (!open.isEmpty()) {
                parts.turns().inTurn(this::work);
            }
        } finally {
            mine.forEach(parts.taken()::release);
        }
    }

    private void work() {
        if (parts.taken().isClosed()) {
            endSome(item -> refused(item, Refusals.STOPPING));
            return;
        }
        // All volumes, once they are taken: so it sees what earlier clears did, and what the paths mean now.
        Snapshot snapshot = parts.polled();
        endSome(item -> lookAgain(item, snapshot));
        if (open.isEmpty()) {
            return;
        }
        List<WatchedVolume> volumes = open.stream().map(ClearItem::volume).toList();
        EvidenceGatherer gatherer = parts.gatherer();
        EvidenceGatherer.Round first = request.isForced()
                ? gatherer.repeatedRound(snapshot, volumes)
                : gatherer.sparingRound(snapshot, volumes);
        open.forEach(item -> item.assessed(gatherer.assess(snapshot, item.volume(), first)));
        if (open.stream().noneMatch(this::mayClear)) {
            endSome(item -> notCleared(item, false));
            return;
        }
        // The last round must not replace a running backup that the first one found: its answer may be missing.
        EvidenceGatherer.Round last = gatherer.lastRound(snapshot);
        endSome(item -> mayClear(item) ? null : later(notCleared(item, false)));
        open.forEach(item -> item.assessed(gatherer.assess(snapshot, item.volume(), last)));
        endSome(item -> mayClear(item) ? null : notCleared(item, true));
        clearOneAfterTheOther(snapshot, last);
    }

    /** All of its paths: one of them may have come to mean another volume. */
    private @Nullable ClearResult lookAgain(ClearItem item, Snapshot snapshot) {
        for (String path : item.paths()) {
            Lookup lookup = Lookup.of(path, snapshot);
            if (lookup instanceof Lookup.Failed failed) {
                return ended(failed.result());
            }
            Lookup.Found now = (Lookup.Found) lookup;
            if (!now.watched().volume().key().equals(item.key())) {
                return parts.reports().refused(now.name(), Refusals.anotherVolume(item.volume(), now), request);
            }
            item.found(now);
        }
        ForceRequest force = request.force();
        if (force == null) {
            return null;
        }
        Optional<String> objection =
                parts.allowForce() ? force.objection(item.name()) : Optional.of(ForceRequest.SWITCHED_OFF);
        return objection.map(why -> refused(item, why)).orElse(null);
    }

    private boolean mayClear(ClearItem item) {
        Assessment assessment = item.assessment();
        boolean seesBackup = assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
        boolean forced = request.isForced() && assessment.verdict() != Verdict.IDLE;
        return !seesBackup && (assessment.verdict() == Verdict.CLEARABLE || forced);
    }

    private ClearResult notCleared(ClearItem item, boolean allNodesAsked) {
        Assessment assessment = item.assessment();
        return assessment.verdict() == Verdict.IDLE
                ? ended(item.result().build(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep()))
                : refused(item, Refusals.byTheGuard(assessment, allNodesAsked, request.isForced()));
    }

    private void clearOneAfterTheOther(Snapshot snapshot, EvidenceGatherer.Round round) {
        // The function may know a path only on the volume's owner: what may work comes first, as a failure ends the
        // batch.
        open.sort(Comparator.comparing(
                item -> !item.volume().volume().ownerNode().equalsIgnoreCase(snapshot.localNode())));
        List<Volume> worked = new ArrayList<>();
        try {
            while (!open.isEmpty()) {
                if (parts.taken().isClosed()) {
                    endSome(item -> refused(item, Refusals.STOPPING));
                } else if (!worked.isEmpty() && parts.nativeClear().isTooOldForAnother(round)) {
                    endSome(item -> later(refused(item, Refusals.LEFT)));
                } else {
                    worked.add(clear(open.get(0), snapshot, round));
                }
            }
        } finally {
            parts.afterwards().accept(worked);
        }
    }

    private Volume clear(ClearItem item, Snapshot snapshot, EvidenceGatherer.Round round) {
        Volume volume = item.volume().volume();
        Optional<String> changed =
                parts.gatherer().changedSince(item.assessment(), parts.watch().snapshot(), request.isForced());
        if (changed.isPresent()) {
            end(item, later(refused(item, Refusals.changed(item.name(), changed.get()))));
            return volume;
        }
        try {
            RecordedClear.Done done = parts.recorded().run(item.result(), request, item.assessment(), round, snapshot);
            end(item, done.result());
            if (done.unreturned()) {
                mine.remove(volume.key());
            }
            if (done.wentWrong()) {
                endSome(each -> later(refused(each, Refusals.batchEnded(done.result()))));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A clear of {} failed after its intent", item.name(), e);
            ClearResult broken = unrecorded(item, Outcome.UNKNOWN, Refusals.bugAfterTheIntent(e));
            end(item, broken);
            endSome(each -> unrecorded(each, Outcome.REFUSED, Refusals.batchEnded(broken)));
        }
        return volume;
    }

    /** The last round has started VSS: with an estimate of when it has stopped. */
    private ClearResult later(ClearResult result) {
        return result.outcome() != Outcome.REFUSED
                        || (result.earliestClear() == null && result.verdict() != Verdict.CLEARABLE)
                ? result
                : result.clearableAt(parts.gatherer().nextRound());
    }

    /** A bug may be in what records results. */
    private ClearResult unrecorded(ClearItem item, Outcome outcome, String message) {
        return item.result().build(outcome, null, message).in(request.batch());
    }

    private ClearResult refused(ClearItem item, String message) {
        return ended(item.result().build(Outcome.REFUSED, null, message));
    }

    private ClearResult ended(ClearResult result) {
        return parts.reports().ended(result, request);
    }

    /** Ends the volumes for which the step has a result. */
    private void endSome(Function<ClearItem, @Nullable ClearResult> step) {
        for (ClearItem item : List.copyOf(open)) {
            ClearResult result = step.apply(item);
            if (result != null) {
                end(item, result);
            }
        }
    }

    private void end(ClearItem item, ClearResult result) {
        item.places().forEach(place -> results[place] = result);
        open.remove(item);
    }
}
