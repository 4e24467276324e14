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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request to clear one volume or several: the nodes are asked once for all of them, then one volume after the other is cleared. Used by one
 * thread, once.
 */
final class ClearBatch {
    private final Clearer.Parts parts;
    private final ClearRequest request;
    private final @Nullable ClearResult[] results;
    private final List<Item> open = new ArrayList<>();

    /** A volume, and the places in the request that name it. */
    private static final class Item {
        private final String path;
        private final List<Integer> places = new ArrayList<>();
        private String name = "";
        private @Nullable WatchedVolume watched;
        private @Nullable Assessment assessment;

        private Item(String path) {
            this.path = path;
        }

        private void found(Lookup.Found found) {
            watched = found.watched();
            name = found.name();
        }

        private WatchedVolume volume() {
            return require(watched);
        }

        private VolumeKey key() {
            return volume().volume().key();
        }

        private Assessment assessed() {
            return require(assessment);
        }

        private ClearResult.Builder result() {
            return assessment == null ? new ClearResult.Builder(name) : new ClearResult.Builder(name, assessment);
        }

        private static <T> T require(@Nullable T known) {
            if (known == null) {
                throw new IllegalStateException("not known yet");
            }
            return known;
        }
    }

    ClearBatch(Clearer.Parts parts, ClearRequest request, List<String> paths) {
        this.parts = parts;
        this.request = request;
        this.results = new ClearResult[paths.size()];
        // A path that is on no volume also ends once, however often it is in the request.
        Map<String, Item> byPath = new LinkedHashMap<>();
        for (int place = 0; place < paths.size(); place++) {
            byPath.computeIfAbsent(paths.get(place), Item::new).places.add(place);
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
        }
        return Arrays.stream(results).map(Item::require).toList();
    }

    private void resolve() {
        Snapshot known = parts.watch().snapshot();
        // The last poll may be too old to know a volume, or for what makes a path ambiguous.
        Snapshot snapshot = open.stream().anyMatch(item -> Lookup.of(item.path, known) instanceof Lookup.Failed)
                ? parts.polled()
                : known;
        Map<VolumeKey, Item> byVolume = new LinkedHashMap<>();
        endSome(item -> {
            Lookup lookup = Lookup.of(item.path, snapshot);
            if (lookup instanceof Lookup.Failed failed) {
                return ended(failed.result());
            }
            item.found((Lookup.Found) lookup);
            Item same = byVolume.putIfAbsent(item.key(), item);
            if (same != null) {
                same.places.addAll(item.places);
            }
            return null;
        });
        open.retainAll(byVolume.values());
    }

    private void takeAndClear() {
        List<VolumeKey> mine = new ArrayList<>();
        try {
            endSome(item -> {
                TakenVolumes.Holder other = parts.taken().take(item.key(), request.caller());
                if (other != null) {
                    return refused(item, Refusals.busy(item.name, other.caller(), other.unreturned()));
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
        List<WatchedVolume> volumes = open.stream().map(Item::volume).toList();
        EvidenceGatherer gatherer = parts.gatherer();
        EvidenceGatherer.Round first = request.isForced()
                ? gatherer.repeatedRound(snapshot, volumes)
                : gatherer.sparingRound(snapshot, volumes);
        endSome(item -> assess(item, snapshot, first, false));
        if (open.isEmpty()) {
            return;
        }
        // The last round must not replace a running backup that the first one found: its answer may be missing.
        EvidenceGatherer.Round last = gatherer.lastRound(snapshot);
        endSome(item -> assess(item, snapshot, last, true));
        clearOneAfterTheOther(snapshot, last);
    }

    private @Nullable ClearResult lookAgain(Item item, Snapshot snapshot) {
        Lookup lookup = Lookup.of(item.path, snapshot);
        if (lookup instanceof Lookup.Failed failed) {
            return ended(failed.result());
        }
        Lookup.Found now = (Lookup.Found) lookup;
        if (!now.watched().volume().key().equals(item.key())) {
            return parts.reports().refused(now.name(), Refusals.anotherVolume(item.volume(), now), request);
        }
        item.found(now);
        ForceRequest force = request.force();
        if (force == null) {
            return null;
        }
        Optional<String> objection =
                parts.allowForce() ? force.objection(item.name) : Optional.of(ForceRequest.SWITCHED_OFF);
        return objection.map(why -> refused(item, why)).orElse(null);
    }

    /** Null if the volume may be cleared. */
    private @Nullable ClearResult assess(
            Item item, Snapshot snapshot, EvidenceGatherer.Round round, boolean allNodesAsked) {
        Assessment assessment = parts.gatherer().assess(snapshot, item.volume(), round);
        item.assessment = assessment;
        if (assessment.verdict() == Verdict.IDLE) {
            return ended(item.result().build(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep()));
        }
        return mayClear(assessment)
                ? null
                : refused(item, Refusals.byTheGuard(assessment, allNodesAsked, request.isForced()));
    }

    private boolean mayClear(Assessment assessment) {
        boolean seesBackup = assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
        return !seesBackup && (assessment.verdict() == Verdict.CLEARABLE || request.isForced());
    }

    private void clearOneAfterTheOther(Snapshot snapshot, EvidenceGatherer.Round round) {
        boolean called = false;
        List<Volume> worked = new ArrayList<>();
        while (!open.isEmpty()) {
            Item item = open.get(0);
            if (parts.taken().isClosed()) {
                endSome(each -> refused(each, Refusals.STOPPING));
            } else if (called && parts.nativeClear().isTooOld(round)) {
                endSome(each -> refused(each, Refusals.LEFT));
            } else {
                RecordedClear.Done done =
                        parts.recorded().run(item.result(), request, item.assessed(), round, snapshot);
                end(item, done.result());
                open.remove(item);
                called |= done.called();
                if (done.wentWrong()) {
                    endSome(each -> refused(each, Refusals.batchEnded(done.result())));
                }
                worked.add(item.volume().volume());
            }
        }
        parts.afterwards().accept(worked);
    }

    private ClearResult refused(Item item, String message) {
        return ended(item.result().build(Outcome.REFUSED, null, message));
    }

    private ClearResult ended(ClearResult result) {
        return parts.reports().ended(result, request);
    }

    /** Ends the volumes for which the step has a result. */
    private void endSome(Function<Item, @Nullable ClearResult> step) {
        for (Item item : List.copyOf(open)) {
            ClearResult result = step.apply(item);
            if (result != null) {
                end(item, result);
                open.remove(item);
            }
        }
    }

    private void end(Item item, ClearResult result) {
        item.places.forEach(place -> results[place] = result);
    }
}
