package io.github.csvbackup.metrics;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The series about volumes, built from one snapshot. A volume's state series are withheld while its state is not known: an old value
 * would win every {@code max} over several agents. Every series has the label backend, so that queries need no join with csv_backup_agent_info to
 * exclude simulated volumes. It is constant while the agent runs, and the only label of the agent on these series.
 *
 * @param ownedOnly true if only volumes that this agent's node owns have series
 */
record VolumeCollector(
        String backend,
        boolean ownedOnly,
        VolumeWatch watch,
        Guard guard,
        Supplier<ClearCounts> clears,
        Supplier<Map<String, Long>> abandoned,
        WatchSettings settings,
        Clock clock)
        implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
        Snapshot snapshot = watch.snapshot();
        Points points = new Points(backend);
        Instant now = clock.instant();
        Instant lastSuccess = snapshot.lastSuccess();
        boolean fresh =
                lastSuccess != null && Duration.between(lastSuccess, now).compareTo(settings.freshFor()) <= 0;
        Collection<NamedVolume> all = NamedVolume.of(snapshot);
        Map<String, Verdict> verdicts = new HashMap<>();
        for (NamedVolume named : all) {
            if (fresh && named.watched().isFresh(now, settings)) {
                verdicts.put(named.label(), guard.verdict(snapshot, named.watched()));
            }
        }
        List<NamedVolume> exported = all.stream()
                .filter(named -> !ownedOnly || isOwned(snapshot, named))
                .toList();
        List<NamedVolume> seen = exported.stream()
                .filter(named -> verdicts.containsKey(named.label()))
                .toList();
        IoSeries io = new IoSeries(snapshot, points, all, fresh && isFresh(snapshot, now));
        List<MetricSnapshot> metrics = new ArrayList<>();
        states(metrics, points, seen, verdicts, io);
        metrics.add(points.gauge(
                "csv_backup_volume_up",
                "1 if the agent could read the volume when it last tried",
                exported,
                v -> Points.flag(verdicts.containsKey(v.label()))));
        metrics.add(points.gauge(
                "csv_backup_volume_owned",
                "1 if this agent's node owns the volume",
                seen,
                v -> Points.flag(isOwned(snapshot, v))));
        metrics.add(infos(points, exported));
        history(metrics, points, exported);
        metrics.addAll(io.series(isExported(exported)));
        metrics.addAll(ClearSeries.of(clears.get(), points, all));
        metrics.add(durations(points, snapshot.ended()));
        long unread = snapshot.volumes().stream()
                .filter(watched -> !fresh || !watched.isFresh(now, settings))
                .count();
        metrics.add(numbers(points, all, verdicts, unread + disksOfUnknownVolumes(snapshot)));
        if (lastSuccess != null) {
            metrics.add(GaugeSnapshot.builder()
                    .name("csv_backup_last_successful_poll_timestamp_seconds")
                    .help("End time of the last successful poll")
                    .dataPoint(Points.point(Labels.EMPTY, Points.seconds(lastSuccess)))
                    .build());
        }
        return new MetricSnapshots(metrics);
    }

    private static boolean isOwned(Snapshot snapshot, NamedVolume named) {
        return named.watched().volume().ownerNode().equalsIgnoreCase(snapshot.localNode());
    }

    /** Whether the nodes' access to volumes was read recently enough. */
    private boolean isFresh(Snapshot snapshot, Instant now) {
        NodeAnswer<IoReading> io = snapshot.io();
        return io != null && Duration.between(io.at(), now).compareTo(settings.freshForOthers()) <= 0;
    }

    /** Which labels have series; those of volumes that the cluster does not list do too, unless only owned volumes do. */
    private Predicate<String> isExported(Collection<NamedVolume> exported) {
        if (!ownedOnly) {
            return label -> true;
        }
        Set<String> labels = exported.stream().map(NamedVolume::label).collect(Collectors.toSet());
        return labels::contains;
    }

    private static void states(
            List<MetricSnapshot> metrics,
            Points points,
            List<NamedVolume> seen,
            Map<String, Verdict> verdicts,
            IoSeries io) {
        metrics.add(points.gauge(
                "csv_backup_in_progress",
                "1 while the backup state is set",
                seen,
                v -> Points.flag(v.watched().volume().backupState().isInProgress())));
        metrics.add(points.gauge(
                "csv_backup_stale",
                "1 while the state has been set for longer than stale-after",
                seen,
                v -> Points.flag(v.watched().stale())));
        metrics.add(points.gauge(
                "csv_backup_verdict",
                "The guard's verdict at the last poll: 0 IDLE, 1 CLEARABLE, 2 RECENT, 3 UNPROVEN, 4 ACTIVE; ACTIVE counts"
                        + " from any agent, every other verdict from the agent whose node owns the volume",
                seen,
                v -> number(verdicts.getOrDefault(v.label(), Verdict.UNPROVEN))));
        metrics.add(points.gaugeWhere(
                "csv_backup_state",
                "Backup state, as the cluster's number, if it is unknown: neither 0 (none) nor 1 (in progress)",
                seen,
                VolumeCollector::unknownState));
        metrics.add(points.gaugeWhere(
                "csv_backup_volume_fault_state",
                "Fault state, as the cluster's number, if it is not 0 (no faults); 1 (no direct I/O) only if"
                        + " csv_backup_volume_nodes_not_direct is absent",
                seen,
                v -> faultState(v, io)));
        metrics.add(points.times(
                "csv_backup_in_progress_since_timestamp_seconds",
                "When the state was first seen set; absent while it is not set",
                seen,
                v -> v.watched().since()));
        metrics.add(points.times(
                "csv_backup_observed_since_timestamp_seconds",
                "Since when the state has been seen set without a gap in polling; absent while it is not set",
                seen,
                v -> v.watched().observedSince()));
    }

    private static int number(Verdict verdict) {
        return switch (verdict) {
            case IDLE -> 0;
            case CLEARABLE -> 1;
            case RECENT -> 2;
            case UNPROVEN -> 3;
            case ACTIVE -> 4;
        };
    }

    private static @Nullable Double unknownState(NamedVolume named) {
        BackupState state = named.watched().volume().backupState();
        return state.isNone() || state.isInProgress() ? null : (double) state.code();
    }

    private static @Nullable Double faultState(NamedVolume named, IoSeries io) {
        FaultState state = named.watched().volume().faultState();
        boolean usual =
                state.equals(FaultState.NO_FAULTS) || (state.equals(FaultState.NO_DIRECT_IO) && io.isKnown(named));
        return usual ? null : (double) state.code();
    }

    private void history(List<MetricSnapshot> metrics, Points points, Collection<NamedVolume> exported) {
        metrics.add(points.counter(
                "csv_backup_stale_detected",
                "Times this agent saw the state become stale; do not sum over agents",
                exported,
                v -> v.watched().staleTotal()));
        Map<String, Long> abandonedStates = abandoned.get();
        metrics.add(points.counter(
                "csv_backup_abandoned_detected",
                "Times this agent saw a stale state with all evidence against a live backup; do not sum over agents",
                exported,
                v -> v.count(abandonedStates)));
        metrics.add(points.gaugeWhere(
                "csv_backup_last_duration_seconds",
                "How long the last ended backup state lasted; absent if none was seen to end",
                exported,
                v -> {
                    Duration last = v.watched().lastDuration();
                    return last == null ? null : last.toMillis() / 1000.0;
                }));
    }

    private static MetricSnapshot infos(Points points, Collection<NamedVolume> volumes) {
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name("csv_backup_volume").help("GUID name and resource of the volume");
        for (NamedVolume named : volumes) {
            Volume volume = named.watched().volume();
            info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(points.labels(named)
                            .add("volume_guid", OutsideText.wellFormed(volume.guidName()))
                            .add("resource", OutsideText.wellFormed(volume.resourceName())))
                    .build());
        }
        return info.build();
    }

    private static MetricSnapshot durations(Points points, DurationHistogram ended) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < DurationHistogram.BOUNDS_SECONDS.size(); i++) {
            buckets.bucket(
                    DurationHistogram.BOUNDS_SECONDS.get(i), ended.counts().get(i));
        }
        buckets.bucket(Double.POSITIVE_INFINITY, ended.counts().get(DurationHistogram.BOUNDS_SECONDS.size()));
        return HistogramSnapshot.builder()
                .name("csv_backup_duration_seconds")
                .help("Duration of ended backup states that this agent saw, of any volume; do not sum over agents")
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .labels(points.labels())
                        .classicHistogramBuckets(buckets.build())
                        .sum(ended.sumSeconds())
                        .build())
                .build();
    }

    /** Of all volumes, also of those without series. */
    private static MetricSnapshot numbers(
            Points points, Collection<NamedVolume> all, Map<String, Verdict> verdicts, long unreadable) {
        List<NamedVolume> seen = all.stream()
                .filter(named -> verdicts.containsKey(named.label()))
                .toList();
        long inProgress = seen.stream()
                .filter(named -> named.watched().volume().backupState().isInProgress())
                .count();
        List<NamedVolume> stale =
                seen.stream().filter(named -> named.watched().stale()).toList();
        long nowAbandoned = stale.stream()
                .filter(named -> verdicts.get(named.label()) == Verdict.CLEARABLE)
                .count();
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_volumes")
                .help(
                        "Volumes that this agent knows, owned or not: all, and those in a state; unreadable also counts each"
                                + " disk whose volumes are not known");
        gauge.dataPoint(number(points, "all", all.size()));
        gauge.dataPoint(number(points, "in_progress", inProgress));
        gauge.dataPoint(number(points, "stale", stale.size()));
        gauge.dataPoint(number(points, "abandoned", nowAbandoned));
        gauge.dataPoint(number(points, "unreadable", unreadable));
        return gauge.build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot number(Points points, String state, long count) {
        return Points.point(points.labels().add("state", state), (double) count);
    }

    private static long disksOfUnknownVolumes(Snapshot snapshot) {
        Set<String> known = new HashSet<>();
        snapshot.volumes().forEach(watched -> {
            known.add(watched.volume().resourceId());
            known.add(watched.volume().resourceName());
        });
        return snapshot.unreadable().stream()
                .filter(disk -> !known.contains(disk.resource()) && !known.contains(disk.resourceName()))
                .map(UnreadableDisk::resourceName)
                .distinct()
                .count();
    }
}
