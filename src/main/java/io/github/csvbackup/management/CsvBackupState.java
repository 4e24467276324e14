package io.github.csvbackup.management;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.peer.LocalAnswers;
import io.github.csvbackup.peer.LocalEvidenceView;
import io.github.csvbackup.peer.PeerReports;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.SharedPolls;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of the MBean. Attributes come from the last snapshot.
 *
 * @param anonymousPolls for callers without credentials
 * @param times for texts that people read
 * @param caller returns the caller of the current thread
 * @param checks runs a self test, or shares the result of one that runs
 * @param peers the agents of other nodes; null if none are asked
 * @param allowForce whether forceClear may override the guard
 * @param localAnswers what this agent sees on its own node
 * @param log the agent's log
 * @param leftovers what is known of what failed backups left behind
 */
public record CsvBackupState(
        String version,
        Cluster cluster,
        VolumeWatch watch,
        Guard guard,
        Clearing clearing,
        SharedPolls anonymousPolls,
        Clock clock,
        Times times,
        Supplier<Caller> caller,
        Supplier<List<Finding>> checks,
        @Nullable PeerReports peers,
        boolean allowForce,
        LocalAnswers localAnswers,
        LogControl log,
        Supplier<Leftovers> leftovers)
        implements CsvBackupStateMBean {

    @Override
    public String getVersion() {
        return version;
    }

    @Override
    public String getNode() {
        return watch.snapshot().localNode();
    }

    @Override
    public String getClusterName() {
        return watch.snapshot().clusterName();
    }

    @Override
    public String getBackend() {
        return cluster.backend().name();
    }

    @Override
    public String getBackupStateSupport() {
        return cluster.backupStateSupport().name();
    }

    @Override
    public boolean getAllowForce() {
        return allowForce;
    }

    @Override
    public String getLogLevel() {
        return log.level();
    }

    @Override
    public void setLogLevel(@Nullable String level) {
        log.change(String.valueOf(level), caller.get());
    }

    @Override
    public String getStartTime() {
        return text(watch.snapshot().startTime());
    }

    @Override
    public long getStartTimeEpochMillis() {
        return watch.snapshot().startTime().toEpochMilli();
    }

    @Override
    public @Nullable String getLastPollTime() {
        Instant at = watch.snapshot().lastPoll();
        return at == null ? null : text(at);
    }

    @Override
    public long getLastPollTimeEpochMillis() {
        Instant at = watch.snapshot().lastPoll();
        return at == null ? 0 : at.toEpochMilli();
    }

    @Override
    public long getLastPollDurationMillis() {
        return watch.snapshot().lastPollDuration().toMillis();
    }

    @Override
    public @Nullable String getLastPollError() {
        Problem problem = watch.snapshot().pollError();
        return problem == null ? null : problem.message() + ". " + problem.remedy();
    }

    @Override
    public List<String> getUnreadableDisks() {
        return watch.snapshot().unreadable().stream()
                .map(UnreadableDisk::toString)
                .toList();
    }

    @Override
    public List<String> getVolumeNames() {
        Snapshot snapshot = watch.snapshot();
        VolumeNames names = snapshot.names();
        return snapshot.volumes().stream()
                .map(watched -> names.of(watched.volume()))
                .toList();
    }

    @Override
    public List<VolumeView> getVolumes() {
        return views(watch.snapshot());
    }

    @Override
    public List<String> getSummary() {
        Snapshot snapshot = watch.snapshot();
        return new VolumeTable(cluster.backupStateSupport(), times, clock.instant()).lines(snapshot, views(snapshot));
    }

    private List<VolumeView> views(Snapshot snapshot) {
        VolumeNames names = snapshot.names();
        return snapshot.volumes().stream()
                .map(watched -> view(snapshot, names.of(watched.volume()), watched))
                .toList();
    }

    VolumeView view(Snapshot snapshot, String name, WatchedVolume watched) {
        Instant since = watched.since();
        Instant observed = watched.observedSince();
        Assessment assessment = guard.atLastPoll(snapshot, watched);
        Instant earliest = assessment == null ? null : assessment.earliestClear();
        // A failed poll keeps what was read of the volumes of other nodes, but nothing was seen since.
        Problem problem = watched.problem() == null ? snapshot.pollError() : watched.problem();
        return new VolumeView(
                name,
                watched.volume().guidName(),
                watched.volume().resourceName(),
                watched.volume().ownerNode(),
                watched.volume().backupState().toString(),
                watched.volume().faultState().toString(),
                since == null ? null : text(since),
                since == null ? 0 : since.toEpochMilli(),
                observed == null
                        ? 0
                        : Math.max(
                                0, Duration.between(observed, clock.instant()).toSeconds()),
                watched.stale(),
                (assessment == null ? Verdict.IDLE : assessment.verdict()).name(),
                earliest == null ? null : text(earliest),
                earliest == null ? 0 : earliest.toEpochMilli(),
                problem == null ? null : problem.message() + ". " + problem.remedy());
    }

    @Override
    public List<IoStateView> getIoStates() {
        return IoStateView.of(watch.snapshot());
    }

    @Override
    public List<LeftoverView> getLeftovers() {
        return LeftoverView.of(leftovers.get().found(), watch.snapshot(), clock.instant());
    }

    @Override
    public LeftoverCountsView getLeftoverCounts() {
        return LeftoverCountsView.of(leftovers.get().found());
    }

    @Override
    public LeftoversAskedView getLeftoversAsked() {
        return LeftoversAskedView.of(leftovers.get());
    }

    @Override
    public List<PeerView> getPeers() {
        return peers == null ? List.of() : PeerView.of(peers.last());
    }

    @Override
    public List<PeerView> askPeers() {
        return peers == null ? List.of() : PeerView.of(peers.askAll());
    }

    @Override
    public int getInProgressCount() {
        return (int) watch.snapshot().volumes().stream()
                .filter(watched -> watched.volume().backupState().isInProgress())
                .count();
    }

    @Override
    public int getStaleCount() {
        return (int)
                watch.snapshot().volumes().stream().filter(WatchedVolume::stale).count();
    }

    @Override
    public long getStaleTotal() {
        return watch.snapshot().volumes().stream()
                .mapToLong(WatchedVolume::staleTotal)
                .sum();
    }

    @Override
    public long getAbandonedTotal() {
        return clearing.abandoned().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public long getClearedTotal() {
        return clearing.counts().total(Outcome.CLEARED);
    }

    @Override
    public long getClearRefusedTotal() {
        return clearing.counts().total(Outcome.REFUSED);
    }

    @Override
    public long getClearFailedTotal() {
        return clearing.counts().total(Outcome.FAILED);
    }

    @Override
    public long getClearUnverifiedTotal() {
        return clearing.counts().total(Outcome.NOT_CLEARED) + clearing.counts().total(Outcome.UNKNOWN);
    }

    @Override
    public List<String> getUnfinishedClears() {
        return clearing.unfinished();
    }

    @Override
    public long getAuditLines() {
        return clearing.auditStatus().newest().number();
    }

    @Override
    public @Nullable String getAuditMismatch() {
        String mismatch = clearing.auditStatus().mismatch();
        return mismatch == null ? null : mismatch + " Check it on that node with: audit --verify.";
    }

    @Override
    public long getAuditMismatchTotal() {
        return clearing.auditStatus().mismatches();
    }

    @Override
    public List<AuditView> recentAudit(int count) {
        return clearing.recentAudit(count).stream().map(AuditView::of).toList();
    }

    @Override
    public long getPollTotal() {
        return watch.snapshot().polls();
    }

    @Override
    public long getPollFailureTotal() {
        return watch.snapshot().pollFailures();
    }

    @Override
    public ResultView assess(String path) {
        return view(clearing.assess(path, caller.get()));
    }

    @Override
    public String explain(String path) {
        Assessment assessment = clearing.assess(path, caller.get());
        Instant since = watch.snapshot()
                .volume(assessment.volume().key())
                .map(WatchedVolume::since)
                .orElse(null);
        return new Explanation(times, clock.instant()).text(view(assessment), since);
    }

    private ResultView view(Assessment assessment) {
        StepNotes notes = notes();
        String name = notes.names().of(assessment.volume());
        // As long as in a refusal, so that both say the same.
        String refusal = "Refused: " + assessment.verdict() + ". " + assessment.nextStep();
        String note = notes.of(assessment.verdict(), assessment.volume(), refusal);
        return ResultView.of(name, assessment, assessment.nextStep() + note);
    }

    private StepNotes notes() {
        return new StepNotes(
                cluster.backupStateSupport(),
                watch.snapshot(),
                clearing.counts().last(),
                times,
                clock.instant());
    }

    @Override
    public ShadowCopiesView shadowCopies(String path) {
        Instant requested = clock.instant();
        FoundShadowCopies found = clearing.shadowCopies(path, caller.get());
        String name = watch.snapshot().names().of(found.volume());
        return ShadowCopiesView.of(name, found, requested, clock.instant(), times);
    }

    @Override
    public ResultView clear(String path) {
        ClearResult result = clearing.clear(path, caller.get());
        return notes().view(result);
    }

    @Override
    public List<ResultView> clearAll(String @Nullable [] paths) {
        if (paths == null) {
            throw new IllegalArgumentException("clearAll needs an array of paths, not null. Nothing was cleared.");
        }
        List<ClearResult> results = clearing.clearAll(Arrays.asList(paths), caller.get());
        StepNotes notes = notes();
        return results.stream().map(notes::view).toList();
    }

    @Override
    public List<NodeShadowCopiesView> getLastShadowCopies() {
        return NodeShadowCopiesView.of(clearing.lastShadowCopies(), watch.snapshot(), clock.instant());
    }

    @Override
    public ResultView forceClear(String path, String volume, String reason) {
        ClearResult result = clearing.forceClear(path, volume, reason, caller.get());
        return notes().view(result);
    }

    @Override
    public List<FindingView> selfTest() {
        return checks.get().stream().map(FindingView::of).toList();
    }

    @Override
    public LocalEvidenceView localEvidence(@Nullable String question, boolean withShadowCopies) {
        return localAnswers.view(question, withShadowCopies);
    }

    @Override
    public List<VolumeView> refresh() {
        boolean anonymous = caller.get().role() == Role.ANONYMOUS;
        return views(anonymous ? anonymousPolls.refresh() : watch.refresh());
    }

    static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
