package io.github.csvbackup.clear;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assesses and clears backup states, and checks volumes after a clear. Thread-safe. A request may block for as long as the
 * deadlines of its calls allow.
 */
public final class Clearing {
    private static final Logger LOG = LoggerFactory.getLogger(Clearing.class);
    private static final int MOST_RECENT = 500;

    private final VolumeWatch watch;
    private final NodeEvidence evidence;
    private final EvidenceGatherer gatherer;
    private final Clearer clearer;
    private final AfterClear afterClear;
    private final AbandonedStates abandoned;
    private final StaleStates stale;
    private final Counters counters;
    private final Audit audit;
    private final UnfinishedIntents unfinished;
    private final ShadowCopyLists shadowCopyLists;

    public Clearing(ClearContext context, ClearSettings settings) {
        Runnable saveNow = () -> saveQuietly(context.saveNow());
        Consumer<ClearEvent> events = event -> publish(context.events(), event);
        AuditTrail trail = new AuditTrail(context.audit(), context.clock());
        this.counters = new Counters(context.clock());
        ClearReports reports = new ClearReports(trail, counters, events, context.nanoTime());
        this.watch = context.watch();
        this.audit = context.audit();
        this.evidence = context.evidence();
        this.gatherer = new EvidenceGatherer(context.evidence(), context.guard(), context.clock(), context.nanoTime());
        this.afterClear = new AfterClear(context, settings.quietTime(), trail, counters, saveNow, events);
        this.clearer = new Clearer(context, settings, gatherer, afterClear, reports, saveNow);
        this.unfinished = new UnfinishedIntents(trail, counters, afterClear, saveNow);
        this.shadowCopyLists = new ShadowCopyLists(gatherer, context.clock());
        this.abandoned = new AbandonedStates(context.guard(), events);
        this.stale = new StaleStates(context.guard(), context.evidence()::asksAgentOf, events);
    }

    /** A completed clear is reported even if a listener fails. */
    private static void publish(Consumer<ClearEvent> listener, ClearEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }

    /** A completed clear gets its outcome in the audit even if saving the state fails. */
    private static void saveQuietly(Runnable saving) {
        try {
            saving.run();
        } catch (RuntimeException | Error e) {
            LOG.error("The state for the next restart could not be saved", e);
        }
    }

    /**
     * Says whether the volume may be cleared. Changes nothing. Reads state and evidence afresh; for an anonymous caller it uses the
     * last poll instead, and neither waits nor calls the cluster or a node.
     *
     * @param path any file or folder on a volume, its friendly path or its GUID name
     * @throws IllegalArgumentException with a message for users, if the path is malformed, ambiguous or not on a volume
     * @throws IllegalStateException with a message for users, if the cluster has not been read or cannot be
     */
    public Assessment assess(String path, Caller caller) {
        if (caller.role() == Role.ANONYMOUS) {
            return assessLastPoll(path);
        }
        Snapshot snapshot = refresh(path);
        return gatherer.assess(snapshot, Lookup.find(path, snapshot));
    }

    /** Reads the volume of the path again, or all of them if the last poll does not know it. */
    private Snapshot refresh(String path) {
        return Lookup.of(path, watch.snapshot()) instanceof Lookup.Found found
                ? watch.refresh(List.of(found.watched().volume()))
                : watch.refresh();
    }

    private Assessment assessLastPoll(String path) {
        Snapshot snapshot = watch.snapshot();
        if (snapshot.lastPoll() == null) {
            throw new IllegalStateException("The cluster has not been read yet. Try again in a moment.");
        }
        return gatherer.assessKnown(snapshot, Lookup.find(path, snapshot));
    }

    /**
     * Lists the shadow copies on all nodes. <strong>Starts the VSS service of each</strong>, except of nodes whose agents a clear asks: of these it
     * gives the last list. A reader who asks again within 15 minutes
     * gets the same answer: readers must not be able to keep the service running, because a clear is refused while it runs.
     *
     * @throws IllegalArgumentException with a message for users, if the path is malformed, ambiguous or not on a volume
     * @throws IllegalStateException with a message for users, if the cluster cannot be read
     */
    public FoundShadowCopies shadowCopies(String path, Caller caller) {
        Snapshot snapshot = refresh(path);
        return shadowCopyLists.of(Lookup.find(path, snapshot).volume(), snapshot, caller);
    }

    /** The volumes that are being cleared, or whose follow-up is pending: they are read at each poll. */
    public Set<VolumeKey> inWork() {
        Set<VolumeKey> keys = new HashSet<>(clearer.inWork());
        Set<String> followedUp = afterClear.volumes();
        if (followedUp.isEmpty()) {
            return keys;
        }
        for (WatchedVolume watched : watch.snapshot().volumes()) {
            if (followedUp.contains(watched.volume().guidName())) {
                keys.add(watched.volume().key());
            }
        }
        return keys;
    }

    /** Clears the state of the path's volume if the guard finds it clearable. Callers and clusters cannot make it throw. */
    public ClearResult clear(String path, Caller caller) {
        return clearer.clear(path, caller, null);
    }

    /**
     * Clears the states of several volumes with one round of questions to the nodes, one volume after the other, each if the guard finds it
     * clearable. The first call that does not do what it should ends the batch.
     *
     * @param paths 1 to 64; the same volume twice is cleared once
     * @return the results, in the order of the paths
     * @throws IllegalArgumentException with a message for users, if the list is not valid; a path that is not valid has its own result
     */
    public List<ClearResult> clearAll(List<@Nullable String> paths, Caller caller) {
        return clearer.clearAll(paths, caller);
    }

    /** The last answer of each node that was asked for its shadow copies since the agent started. Asks no node. */
    public Map<String, NodeAnswer<ShadowCopies>> lastShadowCopies() {
        return evidence.lastShadowCopies();
    }

    /**
     * Clears the state of the path's volume although the guard does not find it clearable.
     *
     * @param volume the volume's friendly path, typed again; its GUID name if several volumes have that path
     * @param reason why, for the audit
     */
    public ClearResult forceClear(String path, String volume, String reason, Caller caller) {
        return clearer.clear(path, caller, new ForceRequest(volume, reason));
    }

    /** The counters so far. */
    public ClearCounts counts() {
        return counters.counts();
    }

    /**
     * Takes over clears that an earlier run began without recording an outcome; call it before the first request. Each is reported in the
     * log and the audit, and counted as unfinished while this agent runs. Clears that the audit records and the state file does not,
     * because it was lost or is older, are taken from the audit.
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
     * @param most the largest number of lines, from 1 to 500
     * @throws IllegalArgumentException with a message for users, if it is another number
     */
    public List<AuditRecord> recentAudit(int most) {
        if (most < 1 || most > MOST_RECENT) {
            throw new IllegalArgumentException(
                    "recentAudit(" + most + ") is not valid; use a number from 1 to " + MOST_RECENT + ".");
        }
        return audit.recent(most);
    }

    /** What the audit reports about itself. */
    public AuditStatus auditStatus() {
        return audit.status();
    }

    /** Counters and pending checks, for a restart. */
    public List<StateLine> saveState() {
        List<StateLine> lines = new ArrayList<>(ClearStateLines.writeCounts(counters.counts()));
        lines.addAll(afterClear.saveState());
        lines.addAll(abandoned.saveState());
        return lines;
    }

    /**
     * Restores the state of an earlier run; call it before the first request.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    public void restoreState(List<StateLine> lines) {
        counters.reset();
        ClearStateLines.readCounts(lines, counters);
        afterClear.restoreState(lines);
        abandoned.restoreState(lines);
    }

    /** Reports states that have become stale or abandoned, and watches VSS after clears; call it after each poll. */
    public void polled() {
        Snapshot snapshot = watch.snapshot();
        afterClear.polled(snapshot);
        stale.check(snapshot);
        abandoned.check(snapshot);
    }

    /** True while polls must read the services of the nodes even if no backup state is set. */
    public boolean hasFollowUps() {
        return afterClear.hasFollowUps();
    }

    /** When the checks after earlier clears will list shadow copies, in order: that starts the VSS services. */
    public List<Instant> plannedLists() {
        return afterClear.planned();
    }

    /** Makes the checks after earlier clears that are due. Waits for the nodes' answers; call it repeatedly from one thread. */
    public void followUp() {
        afterClear.followUp();
    }

    /** The pause between two calls of {@link #followUp}; waits while no clear has a check ahead. */
    public void pauseFollowUps() throws InterruptedException {
        afterClear.pause();
    }

    /** Ends the pause of the follow-ups, now and from now on. */
    public void endPauses() {
        afterClear.endPauses();
    }

    /** How many states were stale while no check found a running backup, by the volume's name; kept across restarts. */
    public Map<String, Long> abandoned() {
        return abandoned.counts();
    }

    /**
     * Lets no further clear begin and waits for running ones, so that each has its outcome in the audit.
     *
     * @param patience how long to wait at most
     */
    public void drain(Duration patience) throws InterruptedException {
        clearer.drain(patience);
    }
}
