package io.github.csvbackup.metrics;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed snapshot (Volume1 has been in progress for an hour and is stale, and NODE2 cannot reach its disk; Volume10 is idle, and NODE2 owns it) and
 * its metrics.
 */
final class Scene {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(15), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(30));

    final MovableClock clock = new MovableClock();
    final HttpCounts http = new HttpCounts();
    final PollDurations polls = new PollDurations();
    final AgentMetrics metrics;
    private final StubCluster cluster = new StubCluster();
    private final Instant begun = clock.instant();
    private final List<Node> nodes =
            new ArrayList<>(List.of(new Node("NODE1", NodeState.UP, 0), new Node("NODE2", NodeState.UP, 0)));
    private @Nullable NodeAnswer<IoReading> io;
    private @Nullable Problem problemOfVolume10;
    private @Nullable Problem pollError;
    private Snapshot snapshot;
    private Leftovers leftovers = Leftovers.none(Leftovers.Answer.NOT_ASKED);

    Scene() {
        this(false);
    }

    /** @param ownedOnly the option metrics-volumes */
    Scene(boolean ownedOnly) {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        io = NodeAnswer.of(begun, new IoReading(ioStates(), List.of()));
        snapshot = snapshot();
        metrics = metrics(
                new ClearCounts(
                        Map.of(
                                StubCluster.VOLUME1,
                                Map.of(Outcome.REFUSED, 3L, Outcome.CLEARED, 1L),
                                "",
                                Map.of(Outcome.FAILED, 2L)),
                        Map.of(StubCluster.VOLUME1, 1L),
                        Map.of(StubCluster.VOLUME10, 1L),
                        2,
                        1,
                        new ClearTimes(
                                Map.of(StubCluster.VOLUME1, Map.of(Outcome.REFUSED, ago(20), Outcome.CLEARED, ago(10))),
                                Map.of(StubCluster.VOLUME1, ago(10)),
                                Map.of(StubCluster.VOLUME10, ago(5)))),
                Map.of(StubCluster.VOLUME1, 2L),
                ownedOnly);
        Instant hourAgo = clock.instant().minus(Duration.ofHours(1));
        metrics.outdatedFiles(Map.of("users", () -> hourAgo, "tls-keystore", () -> null));
        Instant end = clock.instant().plus(Duration.ofDays(40));
        metrics.certificateEnds(() -> end);
        http.request("metrics", 200);
        http.request("jolokia", 401);
        http.request("jolokia", 401);
        http.rejection("token");
        polls.polled(snapshot);
    }

    /** A scene with the given snapshot. */
    Scene(Snapshot snapshot, ClearCounts counts, Map<String, Long> abandoned, boolean ownedOnly) {
        this.snapshot = snapshot;
        metrics = metrics(counts, abandoned, ownedOnly);
    }

    private Instant ago(int minutes) {
        return clock.instant().minus(Duration.ofMinutes(minutes));
    }

    private AgentMetrics metrics(ClearCounts counts, Map<String, Long> abandoned, boolean ownedOnly) {
        VolumeWatch watch = new VolumeWatch() {
            @Override
            public Snapshot snapshot() {
                return snapshot;
            }

            @Override
            public Snapshot refresh() {
                return snapshot;
            }

            @Override
            public Snapshot refresh(Collection<Volume> volumes) {
                return refresh();
            }

            @Override
            public Volume readAgain(Volume volume) {
                throw new UnsupportedOperationException("a scrape reads nothing");
            }
        };
        return new AgentMetrics(
                new AgentMetrics.AgentFacts("1.2.3", "simulated", ownedOnly),
                watch,
                new Guard(SETTINGS),
                () -> counts,
                () -> abandoned,
                () -> leftovers,
                () -> new AuditStatus(new Mark(12, "0a"), 1, "something was changed"),
                SETTINGS,
                polls,
                http,
                new Supervisor(),
                clock);
    }

    /** What the series about volumes are made from, without clears. */
    VolumeFacts facts() {
        return VolumeFacts.of(
                snapshot,
                new Guard(SETTINGS),
                new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE),
                Map.of(),
                leftovers,
                SETTINGS,
                clock.instant());
    }

    void leftovers(Leftovers known) {
        leftovers = known;
    }

    /** Volume10 could not be read at the last poll. */
    void volume10IsUnreadable() {
        problemOfVolume10 = new Problem("it failed", "Fix it.");
        snapshot = snapshot();
    }

    /** A poll that could not read the cluster; the volumes stay as they were read. */
    void pollFailed() {
        pollError = new Problem("OpenClusterEx failed", "Check the Cluster service.");
        snapshot = snapshot();
    }

    /** A poll that did not read Volume10, because it is not due, or hangs. */
    void polledAfter(Duration time) {
        clock.advance(time);
        snapshot = snapshot();
    }

    void volume10Reports(BackupState backup, FaultState fault) {
        Volume known = volume(StubCluster.VOLUME10);
        cluster.volumes.put(
                StubCluster.VOLUME10,
                new Volume(
                        known.resourceId(),
                        known.resourceName(),
                        known.ownerNode(),
                        known.resourceState(),
                        known.friendlyPath(),
                        known.guidName(),
                        fault,
                        backup));
        snapshot = snapshot();
    }

    void ioIsUnknown() {
        io = null;
        snapshot = snapshot();
    }

    /** @param states without names of the volume */
    void ioOfVolume10(VolumeIoState... states) {
        Volume volume = volume(StubCluster.VOLUME10);
        List<VolumeIoState> named = Arrays.stream(states)
                .map(state -> new VolumeIoState(
                        volume.friendlyPath(),
                        volume.guidName(),
                        state.node(),
                        state.state(),
                        state.fileSystemReasons(),
                        state.volumeReasons()))
                .toList();
        io = NodeAnswer.of(begun, new IoReading(named, List.of()));
        snapshot = snapshot();
    }

    void nodeIsDown(String name) {
        nodes.replaceAll(node -> node.name().equals(name) ? new Node(name, NodeState.DOWN, 0) : node);
        snapshot = snapshot();
    }

    private Snapshot snapshot() {
        Instant now = clock.instant();
        Instant hourAgo = begun.minus(Duration.ofHours(1));
        return new Snapshot(
                begun.minus(Duration.ofHours(2)),
                now,
                new Moment(now, null),
                Duration.ofMillis(250),
                pollError,
                100,
                4,
                "CLUSTER",
                "NODE1",
                nodes,
                Map.of(),
                List.of(
                        new WatchedVolume(
                                volume(StubCluster.VOLUME1),
                                null,
                                new Moment(now, null),
                                hourAgo.minusSeconds(15),
                                hourAgo,
                                hourAgo.plusMillis(500),
                                true,
                                2,
                                Duration.ofHours(3),
                                true),
                        new WatchedVolume(
                                volume(StubCluster.VOLUME10).ownedBy("NODE2"),
                                problemOfVolume10,
                                new Moment(begun, null),
                                begun,
                                null,
                                null,
                                false,
                                0,
                                null,
                                false)),
                List.of("id-1", "id-10", "id-7"),
                List.of(new UnreadableDisk(
                        "id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5))),
                Map.of(),
                io,
                DurationHistogram.EMPTY.with(Duration.ofSeconds(60)).with(Duration.ofHours(3)));
    }

    private List<VolumeIoState> ioStates() {
        return List.of(
                io(StubCluster.VOLUME1, "NODE1", VolumeIoState.DIRECT, 0),
                io(StubCluster.VOLUME1, "NODE2", VolumeIoState.BLOCK_REDIRECTED, 1),
                io(StubCluster.VOLUME10, "NODE1", VolumeIoState.DIRECT, 0),
                io(StubCluster.VOLUME10, "NODE2", VolumeIoState.DIRECT, 0));
    }

    private VolumeIoState io(String path, String node, int state, long volumeReasons) {
        return new VolumeIoState(path, volume(path).guidName(), node, state, 0, volumeReasons);
    }

    private Volume volume(String path) {
        return cluster.volumes.get(path);
    }
}
