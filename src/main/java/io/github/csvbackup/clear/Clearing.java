package io.github.csvbackup.clear;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditMismatchException;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.PollingEndedException;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears, one at a time per volume: fresh evidence, assessment, intent, call, proof, outcome. Thread-safe. Every request may
 * block for as long as the deadlines of its calls allow.
 */
public final class Clearing {
    private static final Logger LOG = LoggerFactory.getLogger(Clearing.class);
    private static final long DRAIN_LOOK_MILLIS = 20;
    private static final int MOST_RECENT = 500;

    private final VolumeWatch watch;
    private final EvidenceGatherer gatherer;
    private final NativeClear nativeClear;
    private final AuditTrail trail;
    private final AfterClear afterClear;
    private final AbandonedStates abandoned;
    private final Counters counters;
    private final Consumer<ClearEvent> events;
    private final boolean allowForce;
    private final Map<VolumeKey, UnderWay> underWay = new ConcurrentHashMap<>();
    private final Audit audit;
    private final OwnQuestions questions;
    private final LongSupplier nanoTime;
    private final UnfinishedIntents unfinished;
    private final ShadowCopyLists shadowCopyLists;
    private final Runnable saveNow;
    private volatile boolean closing;

    /** Who clears a volume; {@code unreturned} once the native call was given up and has not returned. */
    private record UnderWay(Caller caller, boolean unreturned) {}

    /** A request: who asks, and since when by {@link System#nanoTime}. */
    private record Asked(Caller caller, long nanoTime) {}

    public Clearing(ClearContext context, ClearSettings settings) {
        this.watch = context.watch();
        this.saveNow = () -> saveNowQuietly(context.saveNow());
        this.audit = context.audit();
        this.questions = context.evidence().questions();
        this.nanoTime = context.nanoTime();
        this.gatherer = new EvidenceGatherer(context.evidence(), context.guard(), context.clock(), context.nanoTime());
        this.nativeClear = new NativeClear(context, settings.clearDeadline());
        this.trail = new AuditTrail(context.audit(), context.clock());
        this.counters = new Counters();
        this.events = event -> tell(context.events(), event);
        this.afterClear = new AfterClear(context, settings.quietTime(), trail, counters, saveNow, events);
        this.unfinished = new UnfinishedIntents(trail, counters, afterClear, saveNow);
        this.shadowCopyLists = new ShadowCopyLists(gatherer, context.clock());
        this.abandoned = new AbandonedStates(context.guard(), events);
        this.allowForce = settings.allowForce();
    }

    /** A clear that has happened is reported even if a listener fails. */
    private static void tell(Consumer<ClearEvent> listener, ClearEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }

    /**
     * Reads state and evidence afresh and says whether the volume may be cleared. Changes nothing.
     *
     * @param path any file or folder on a volume, its friendly path or its GUID name
     * @throws IllegalArgumentException with one sentence, if the path is malformed or on no volume
     * @throws IllegalStateException with one sentence, if the cluster cannot be read
     */
    public Assessment assess(String path) {
        Snapshot snapshot = watch.refresh();
        Volume volume = find(path, snapshot);
        return gatherer.assess(snapshot, snapshot.volume(volume.key()).orElseThrow())
                .assessment();
    }

    /**
     * Says from the last poll whether the volume may be cleared. Asks neither the cluster nor a node, and does not wait.
     *
     * @param path as for {@link #assess}
     * @throws IllegalArgumentException with one sentence, if the path is malformed or on no volume
     * @throws IllegalStateException with one sentence, if the cluster was not read yet, or cannot be
     */
    public Assessment assessKnown(String path) {
        Snapshot snapshot = watch.snapshot();
        if (snapshot.lastPoll() == null) {
            throw new IllegalStateException("The cluster has not been read yet. Try again in a moment.");
        }
        Volume volume = find(path, snapshot);
        return gatherer.assessKnown(snapshot, snapshot.volume(volume.key()).orElseThrow());
    }

    /**
     * Lists the shadow copies on all nodes. <strong>Starts the VSS service of each.</strong> A reader who asks again within 15 minutes
     * gets the same answer again: readers must not be able to keep the service running, which lets every clear be refused.
     *
     * @throws IllegalArgumentException with a sentence, if the path is on no volume
     * @throws IllegalStateException with a sentence, if the cluster cannot be read
     */
    public FoundShadowCopies shadowCopies(String path, Caller caller) {
        Snapshot snapshot = watch.refresh();
        Volume volume = find(path, snapshot);
        return shadowCopyLists.of(volume, snapshot, caller);
    }

    private static Volume find(String path, Snapshot snapshot) {
        Problem problem = snapshot.pollError();
        if (problem != null && snapshot.volumes().isEmpty()) {
            throw new IllegalStateException(
                    "The cluster cannot be read: " + problem.message() + ". " + problem.remedy());
        }
        List<Volume> volumes = volumes(snapshot);
        return VolumePath.parse(path, volumes)
                .on(volumes)
                .orElseThrow(() -> new IllegalArgumentException(Refusals.notOnAVolume(path, snapshot)));
    }

    /** Clears the state of the path's volume if the guard finds it clearable. Never throws for what a caller or a cluster does. */
    public ClearResult clear(String path, Caller caller) {
        return request(path, caller, null);
    }

    /**
     * Clears the state of the path's volume although the guard does not find it clearable.
     *
     * @param volume the volume's friendly path, typed again; its GUID name if several volumes have that path
     * @param reason why, for the audit
     */
    public ClearResult forceClear(String path, String volume, String reason, Caller caller) {
        return request(path, caller, new ForceRequest(volume, reason));
    }

    /** What has happened so far. */
    public ClearCounts counts() {
        return counters.counts();
    }

    /**
     * Takes over clears that an earlier run began and of which it did not say how they ended; to be called before the first request. Each is
     * told of in the log and the audit, and counted as unfinished while this agent runs. What the audit knows of other clears and the memory
     * does not, since it was lost or is older, is taken from there.
     */
    public void takeOver(List<AuditRecord> intents) {
        afterClear.reconcile(audit.recent(MOST_RECENT));
        unfinished.takeOver(intents);
    }

    /** Clears of an earlier run that have no outcome, as sentences; empty if there are none. */
    public List<String> unfinished() {
        return unfinished.messages();
    }

    /**
     * The last lines of the audit, oldest first.
     *
     * @param most how many at most, from 1 to 500
     * @throws IllegalArgumentException with a sentence, if it is another number
     */
    public List<AuditRecord> recentAudit(int most) {
        if (most < 1 || most > MOST_RECENT) {
            throw new IllegalArgumentException(
                    "recentAudit(" + most + "): give a number from 1 to " + MOST_RECENT + ".");
        }
        return audit.recent(most);
    }

    /** What the audit shows about itself. */
    public AuditStatus auditStatus() {
        return audit.status();
    }

    /** Counters and looks that are still due, for a restart. */
    public List<StateLine> saveState() {
        List<StateLine> lines = new ArrayList<>(ClearStateLines.writeCounts(counters.counts()));
        lines.addAll(afterClear.saveState());
        lines.addAll(abandoned.saveState());
        return lines;
    }

    /**
     * What an earlier run knew; to be called before the first request.
     *
     * @throws IllegalArgumentException if a line is not as it was written
     */
    public void restoreState(List<StateLine> lines) {
        counters.reset();
        ClearStateLines.readCounts(lines, counters);
        afterClear.restoreState(lines);
        abandoned.restoreState(lines);
    }

    /** Tells of states that have become abandoned, and watches VSS after clears; to be called after each poll. */
    public void polled() {
        Snapshot snapshot = watch.snapshot();
        afterClear.polled(snapshot);
        abandoned.look(snapshot);
    }

    /** True while the polls must read the services of the nodes, whether a state is set or not. */
    public boolean areLooksPending() {
        return afterClear.areLooksPending();
    }

    /** Looks after earlier clears if it is time to. Waits for the nodes' answers; to be called again and again by one thread. */
    public void lookAfter() {
        afterClear.look();
    }

    /** How many states were overdue while all evidence said that no backup was alive, by the volume's name; kept over restarts. */
    public Map<String, Long> abandoned() {
        return abandoned.counts();
    }

    private ClearResult request(String path, Caller caller, @Nullable ForceRequest force) {
        Asked asked = new Asked(caller, System.nanoTime());
        Optional<ClearResult> taken = taken(path, asked);
        if (taken.isPresent()) {
            return taken.get();
        }
        Snapshot snapshot;
        try {
            snapshot = watch.refresh();
        } catch (PollingEndedException e) {
            return ended(new ClearResult.Builder("").build(Outcome.REFUSED, null, Refusals.STOPPING), asked);
        }
        List<Volume> volumes = volumes(snapshot);
        Problem problem = snapshot.pollError();
        if (problem != null && volumes.isEmpty()) {
            String message = "Not called: the cluster cannot be read: " + problem.message() + ". " + problem.remedy();
            return ended(new ClearResult.Builder("").build(Outcome.FAILED, null, message), asked);
        }
        Optional<Volume> found;
        try {
            found = VolumePath.parse(path, volumes).on(volumes);
        } catch (AmbiguousPathException e) {
            return ended(
                    new ClearResult.Builder("").build(Outcome.REFUSED, null, String.valueOf(e.getMessage())), asked);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            return ended(
                    new ClearResult.Builder("").build(Outcome.FAILED, Win32Error.INVALID_PARAMETER, message), asked);
        }
        if (found.isEmpty()) {
            String message = Refusals.notOnAVolume(path, snapshot);
            return ended(
                    new ClearResult.Builder("").build(Outcome.FAILED, Win32Error.INVALID_PARAMETER, message), asked);
        }
        Volume volume = found.get();
        String name = VolumeNames.of(volumes).of(volume);
        if (force != null) {
            Optional<String> objection = allowForce ? force.objection(name) : Optional.of(ForceRequest.SWITCHED_OFF);
            if (objection.isPresent()) {
                return ended(new ClearResult.Builder(name).build(Outcome.REFUSED, null, objection.get()), asked);
            }
        }
        UnderWay other = underWay.putIfAbsent(volume.key(), new UnderWay(caller, false));
        if (other != null) {
            return busy(name, other, asked);
        }
        try {
            return closing
                    ? ended(new ClearResult.Builder(name).build(Outcome.REFUSED, null, Refusals.STOPPING), asked)
                    : alone(volume.key(), name, asked, force);
        } finally {
            // A volume whose native call has not returned stays taken until it does.
            underWay.computeIfPresent(volume.key(), (key, now) -> now.unreturned() ? now : null);
        }
    }

    /** Told at once, since a poll may take its time: the volume is being cleared. */
    private Optional<ClearResult> taken(String path, Asked asked) {
        List<Volume> volumes = volumes(watch.snapshot());
        try {
            return VolumePath.parse(path, volumes)
                    .on(volumes)
                    .flatMap(volume -> Optional.ofNullable(underWay.get(volume.key()))
                            .map(other -> busy(VolumeNames.of(volumes).of(volume), other, asked)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // what is wrong with the path is told after a look at the volumes of now
        }
    }

    private ClearResult busy(String name, UnderWay other, Asked asked) {
        String message = Refusals.busy(name, other.caller(), other.unreturned());
        return ended(new ClearResult.Builder(name).build(Outcome.REFUSED, null, message), asked);
    }

    private ClearResult alone(VolumeKey key, String name, Asked asked, @Nullable ForceRequest force) {
        Snapshot snapshot;
        try {
            snapshot = watch.refresh();
        } catch (PollingEndedException e) {
            return ended(new ClearResult.Builder(name).build(Outcome.REFUSED, null, Refusals.STOPPING), asked);
        }
        Optional<WatchedVolume> watched = snapshot.volume(key);
        if (watched.isEmpty()) {
            String message = "The cluster does not list " + name + " any more. Look at Get-ClusterSharedVolume.";
            return ended(
                    new ClearResult.Builder(name).build(Outcome.FAILED, Win32Error.RESOURCE_NOT_FOUND, message), asked);
        }
        String askedBefore = Refusals.ownQuestions(questions.all(), snapshot, nanoTime.getAsLong());
        EvidenceGatherer.Finding finding = force == null
                ? gatherer.assess(snapshot, watched.get())
                : gatherer.assessAgain(snapshot, watched.get());
        // A backup that was seen alive once is not asked about again: the second answer may only be missing.
        boolean mayGoOn = finding.assessment().verdict() == Verdict.CLEARABLE
                || (force != null
                        && finding.assessment().verdict() != Verdict.IDLE
                        && !seesBackup(finding.assessment()));
        boolean lookedLast = false;
        if (mayGoOn) {
            lookedLast = true;
            finding = gatherer.assessLast(snapshot, watched.get());
        }
        Assessment assessment = finding.assessment();
        ClearResult.Builder builder = new ClearResult.Builder(name, assessment);
        if (assessment.verdict() == Verdict.IDLE) {
            return ended(builder.build(Outcome.NOTHING_TO_CLEAR, null, assessment.nextStep()), asked);
        }
        boolean overruled = force != null && assessment.verdict() != Verdict.CLEARABLE;
        if (seesBackup(assessment) || (assessment.verdict() != Verdict.CLEARABLE && !overruled)) {
            String ours = assessment.verdict() == Verdict.UNPROVEN ? askedBefore : "";
            String message = Refusals.byTheGuard(assessment, lookedLast, force != null) + ours;
            return ended(builder.build(Outcome.REFUSED, null, message), asked);
        }
        return clearNow(builder, asked, overruled && force != null ? force.reasonText() : "", finding, snapshot);
    }

    private static boolean seesBackup(Assessment assessment) {
        return assessment.checks().stream().anyMatch(check -> check.result() == CheckResult.BACKUP);
    }

    private ClearResult clearNow(
            ClearResult.Builder builder,
            Asked asked,
            String reason,
            EvidenceGatherer.Finding finding,
            Snapshot snapshot) {
        Caller caller = asked.caller();
        Assessment assessment = builder.assessed();
        Volume volume = assessment.volume();
        String id;
        try {
            id = trail.intent(builder.volume(), volume, caller, assessment, reason);
        } catch (AuditMismatchException e) {
            return ended(builder.build(Outcome.REFUSED, null, String.valueOf(e.getMessage())), asked);
        } catch (IOException e) {
            String message = "Not called: the audit could not be written (" + e.getMessage()
                    + "), and nothing is cleared without it. Free disk space or fix the permissions of the state directory.";
            return ended(builder.build(Outcome.FAILED, null, message), asked);
        }
        counters.begun();
        long begun = System.nanoTime();
        NativeClear.Result done = nativeClear.run(builder.volume(), finding, !reason.isEmpty(), snapshot);
        String after = done.after() == null ? "" : done.after().toString();
        ClearResult result = builder.withAudit(id, after).build(done.outcome(), done.code(), done.message());
        if (done.called() && !reason.isEmpty()) {
            counters.forced(result.volume());
        }
        counters.request(result.volume(), result.outcome());
        if (done.called()) {
            afterClear.add(builder.volume(), volume, id, finding.shadowCopies());
            // On the disk before the outcome: a crash between the two leaves an intent without outcome, which the next
            // run looks after.
            saveNow.run();
        }
        if (trail.outcome(id, caller, result, done.called(), Duration.ofNanos(System.nanoTime() - begun))) {
            counters.finished();
        } else {
            result = builder.withAudit(id, after)
                    .build(
                            done.outcome(),
                            done.code(),
                            done.message() + " The outcome could not be written to the audit.");
        }
        BoundedCalls.Pending<Boolean> unreturned = done.unreturned();
        if (unreturned != null) {
            underWay.put(volume.key(), new UnderWay(caller, true));
            unreturned.whenEnded(() -> lateEnd(builder.volume(), volume, id, unreturned, finding));
        }
        events.accept(new ClearEvent.Ended(result, caller));
        refreshAfterwards();
        return result;
    }

    /** What has been done gets its outcome on record, whatever becomes of this. */
    private static void saveNowQuietly(Runnable writing) {
        try {
            writing.run();
        } catch (RuntimeException | Error e) {
            LOG.error("What is to be known after a restart was not written down", e);
        }
    }

    /** On the thread of a native call that was given up and has now returned. */
    private void lateEnd(
            String name,
            Volume volume,
            String id,
            BoundedCalls.Pending<Boolean> call,
            EvidenceGatherer.Finding finding) {
        try {
            String message = nativeClear.lateEnd(volume, call);
            LOG.warn("{}: {}", name, message);
            afterClear.add(name, volume, id, finding.shadowCopies());
            saveNow.run();
            trail.note(id, "late", name, message);
        } catch (RuntimeException | Error e) {
            LOG.error("What became of a late clear of {} is not on record", name, e);
        } finally {
            underWay.remove(volume.key());
        }
    }

    /** What has been done is told, whatever becomes of the look at it. */
    private void refreshAfterwards() {
        try {
            watch.refresh();
        } catch (RuntimeException | Error e) {
            LOG.error("The poll after a clear failed", e);
        }
    }

    /**
     * Lets no further clear begin and waits for those under way, so that each has its outcome in the audit.
     *
     * @param patience how long to wait at most
     */
    public void drain(Duration patience) throws InterruptedException {
        closing = true;
        long end = System.nanoTime() + patience.toNanos();
        while (underWay.values().stream().anyMatch(each -> !each.unreturned()) && System.nanoTime() < end) {
            Thread.sleep(DRAIN_LOOK_MILLIS);
        }
        underWay.values()
                .forEach(each -> LOG.warn(
                        each.unreturned()
                                ? "A clear that {} asked for has not returned while the agent ends. Its outcome on record is UNKNOWN: check"
                                        + " the backup jobs of this time"
                                : "A clear that {} asked for goes on while the agent ends. Its outcome will not be on record; the next"
                                        + " start tells of it and looks after it",
                        each.caller().principal()));
    }

    private ClearResult ended(ClearResult result, Asked asked) {
        Caller caller = asked.caller();
        trail.refusal(caller, result, Duration.ofNanos(System.nanoTime() - asked.nanoTime()));
        counters.request(result.volume(), result.outcome());
        events.accept(
                result.outcome() == Outcome.REFUSED
                        ? new ClearEvent.Refused(result, caller)
                        : new ClearEvent.Ended(result, caller));
        return result;
    }

    private static List<Volume> volumes(Snapshot snapshot) {
        return snapshot.volumes().stream().map(WatchedVolume::volume).toList();
    }
}
