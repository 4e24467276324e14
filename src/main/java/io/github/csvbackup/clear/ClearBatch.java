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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final BatchItems items;
    private final EarlyEnds early;
    private final Set<VolumeKey> mine = new HashSet<>();

    ClearBatch(Clearer.Parts parts, ClearRequest request, List<String> paths) {
        this.parts = parts;
        this.request = request;
        this.items = new BatchItems(parts.reports(), request, paths);
        this.early = new EarlyEnds(parts, items);
    }

    /** The results, in the order of the paths. */
    List<ClearResult> run() {
        try {
            resolve();
            takeAndClear();
        } catch (PollingEndedException e) {
            items.endSome(item -> early.refused(item, Refusals.STOPPING));
        } catch (Clearer.FailedPollException e) {
            items.endSome(
                    item -> items.ended(item.result().build(Outcome.FAILED, null, String.valueOf(e.getMessage()))));
        } catch (RuntimeException | Error e) {
            LOG.error("A request to clear failed before the next call", e);
            items.endSome(item -> items.unrecorded(item, Outcome.FAILED, Refusals.bug(e)));
        }
        return items.results();
    }

    private void resolve() {
        Snapshot known = parts.watch().snapshot();
        // The last poll may be too old to know a volume, or for what makes a path ambiguous.
        boolean old = items.open().stream()
                .flatMap(item -> item.paths().stream())
                .anyMatch(path -> Lookup.of(path, known) instanceof Lookup.Failed);
        Snapshot snapshot = old ? parts.polled() : known;
        Map<VolumeKey, ClearItem> byVolume = new LinkedHashMap<>();
        items.endSome(item -> {
            Lookup lookup = Lookup.of(item.paths().iterator().next(), snapshot);
            if (lookup instanceof Lookup.Failed failed) {
                return early.notFound(failed);
            }
            item.found((Lookup.Found) lookup);
            ClearItem same = byVolume.putIfAbsent(item.key(), item);
            if (same != null) {
                same.join(item);
            }
            return null;
        });
        items.keepOnly(byVolume.values());
    }

    private void takeAndClear() {
        try {
            items.endSome(item -> {
                TakenVolumes.Holder other = parts.taken().take(item.key(), request.caller());
                if (other != null) {
                    return early.refused(item, Refusals.busy(item.name(), other.caller(), other.unreturned()));
                }
                mine.add(item.key());
                return null;
            });
            if (!items.isDone()) {
                parts.turns().inTurn(this::work);
            }
        } finally {
            mine.forEach(parts.taken()::release);
        }
    }

    private void work() {
        if (parts.taken().isClosed()) {
            items.endSome(item -> early.refused(item, Refusals.STOPPING));
            return;
        }
        logTurn();
        // All volumes, once they are taken: so it sees what earlier clears did, and what the paths mean now.
        Snapshot snapshot = parts.polled();
        items.endSome(item -> lookAgain(item, snapshot));
        if (items.isDone()) {
            return;
        }
        List<WatchedVolume> volumes =
                items.open().stream().map(ClearItem::volume).toList();
        EvidenceGatherer gatherer = parts.gatherer();
        EvidenceGatherer.Round first = request.isForced()
                ? gatherer.repeatedRound(snapshot, volumes)
                : gatherer.sparingRound(snapshot, volumes);
        items.open().forEach(item -> item.assessed(gatherer.assess(snapshot, item.volume(), first)));
        if (items.open().stream().noneMatch(this::mayClear)) {
            items.endSome(item -> notCleared(item, ""));
            return;
        }
        // The last round must not replace a running backup that the first one found: its answer may be missing.
        EvidenceGatherer.Round last = gatherer.lastRound(snapshot);
        LaterRound later = gatherer.later(last, snapshot, parts.afterClear());
        List<ClearItem> asked = items.open().stream().filter(this::mayClear).toList();
        asked.forEach(item -> item.assessed(gatherer.assess(snapshot, item.volume(), last)));
        boolean clears = asked.stream().anyMatch(this::mayClear);
        items.endSome(item -> asked.contains(item) ? null : notClearedYet(item, later, clears));
        items.endSome(item -> mayClear(item) ? null : notCleared(item, later.started()));
        Optional<String> listComes = request.isForced() ? Refusals.listComes(last.shadowCopies()) : Optional.empty();
        listComes.ifPresent(why -> items.endSome(item -> items.ended(refused(item, later, why))));
        clearOneAfterTheOther(later, last);
    }

    /** For those who look for the lines of a batch in the audit, because its client has no answer. */
    private void logTurn() {
        Caller caller = request.caller();
        int volumes = items.open().size();
        LOG.info(
                "Batch {} of {} begins, requested through {}{} by {}",
                request.batch(),
                volumes == 1 ? "1 volume" : volumes + " volumes",
                caller.surface(),
                caller.remoteAddress().isEmpty() ? "" : " from " + caller.remoteAddress(),
                caller.principal());
    }

    /** All of its paths: one of them may have come to mean another volume. */
    private @Nullable ClearResult lookAgain(ClearItem item, Snapshot snapshot) {
        for (String path : item.paths()) {
            Lookup lookup = Lookup.of(path, snapshot);
            if (lookup instanceof Lookup.Failed failed) {
                return early.notFound(failed);
            }
            Lookup.Found now = (Lookup.Found) lookup;
            if (!now.watched().volume().key().equals(item.key())) {
                return early.anotherVolume(item, now);
            }
            item.found(now);
        }
        ForceRequest force = request.force();
        if (force == null) {
            return null;
        }
        Optional<String> objection =
                parts.allowForce() ? force.objection(item.name()) : Optional.of(ForceRequest.SWITCHED_OFF);
        // Only what is wrong with the request: what else prevents the clear comes with the next one.
        return objection
                .map(why -> items.ended(item.result().build(Outcome.REFUSED, null, why)))
                .orElse(null);
    }

    private boolean mayClear(ClearItem item) {
        Assessment assessment = item.assessment();
        boolean seesBackup = assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
        boolean forced = request.isForced() && assessment.verdict() != Verdict.IDLE;
        return !seesBackup && (assessment.verdict() == Verdict.CLEARABLE || forced);
    }

    private ClearResult notCleared(ClearItem item, String started) {
        return ended(item, Refusals.byTheGuard(item.assessment(), started, request.isForced()));
    }

    /** A volume that the last round was not for. */
    private ClearResult notClearedYet(ClearItem item, LaterRound later, boolean clears) {
        item.assessed(later.delayed(item.assessment(), clears));
        return ended(item, Refusals.besideAClear(item.assessment(), later.started()));
    }

    private ClearResult ended(ClearItem item, String refusal) {
        Assessment assessment = item.assessment();
        return items.ended(
                assessment.verdict() == Verdict.IDLE
                        ? item.result().build(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep())
                        : item.result().build(Outcome.REFUSED, null, refusal));
    }

    private void clearOneAfterTheOther(LaterRound later, EvidenceGatherer.Round round) {
        // The function may know a path only on the volume's owner: what may work comes first, as a failure ends the
        // batch.
        items.sort(Comparator.comparing(item -> !item.volume()
                .volume()
                .ownerNode()
                .equalsIgnoreCase(later.snapshot().localNode())));
        List<Volume> worked = new ArrayList<>();
        try {
            while (!items.isDone()) {
                if (parts.taken().isClosed()) {
                    items.endSome(item -> items.ended(refused(item, later, Refusals.STOPPING)));
                } else if (!worked.isEmpty() && parts.nativeClear().isTooOldForAnother(round)) {
                    items.endSome(item -> items.ended(later.left(item, Refusals.LEFT)));
                } else {
                    worked.add(clear(items.open().get(0), later, round));
                }
            }
        } finally {
            parts.afterwards().accept(worked);
        }
    }

    private static ClearResult refused(ClearItem item, LaterRound later, String why) {
        return later.result(item).build(Outcome.REFUSED, null, why);
    }

    private Volume clear(ClearItem item, LaterRound later, EvidenceGatherer.Round round) {
        Assessment assessment = item.assessment();
        Volume volume = item.volume().volume();
        Optional<String> changed =
                parts.gatherer().changedSince(assessment, round, parts.watch().snapshot(), request.isForced());
        if (changed.isPresent()) {
            items.end(item, items.ended(refused(item, later, Refusals.changed(item.name(), changed.get()))));
            return volume;
        }
        boolean overridden = !request.reasonToOverride(assessment).isEmpty();
        LastReads.Found found = parts.nativeClear().prepare(item.name(), assessment, round, overridden, later);
        if (found instanceof LastReads.Declined declined) {
            if (declined.otherVss() != null) {
                later.otherVss(declined.otherVss().nodes());
            }
            ClearResult.Builder result = later.result(item).withState(declined.state());
            items.end(item, items.ended(result.build(declined.outcome(), declined.code(), declined.message())));
            return volume;
        }
        ClearResult.Builder result = later.result(item);
        RecordedClear.Done done;
        try {
            done = parts.recorded().run(result, request, assessment, round, (ReadyClear) found);
        } catch (RuntimeException | Error e) {
            LOG.error("A clear of {} failed after its intent", item.name(), e);
            ClearResult broken = items.unrecorded(item, Outcome.UNKNOWN, Refusals.bugAfterTheIntent(e));
            items.end(item, broken);
            items.endSome(each -> later.left(each, Refusals.batchEnded(broken)).in(request.batch()));
            return volume;
        }
        items.end(item, done.result());
        if (done.unreturned()) {
            mine.remove(volume.key());
        }
        if (done.wentWrong()) {
            items.endSome(each -> items.ended(later.left(each, Refusals.batchEnded(done.result()))));
        }
        return volume;
    }
}
