package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.DurationHistogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The series about volumes. A volume's state series are withheld while its state is not known: an old value
 * would win every {@code max} over several agents. Every series has the label backend, so that queries need no join with csv_backup_agent_info to
 * exclude simulated volumes. It is constant while the agent runs, and the only label of the agent on these series.
 *
 * @param ownedOnly true if only volumes that this agent's node owns have series
 */
record VolumeSeries(Points points, boolean ownedOnly) {
    /** @param backend the label's value */
    VolumeSeries(String backend, boolean ownedOnly) {
        this(new Points(backend), ownedOnly);
    }

    MetricSnapshots of(VolumeFacts facts) {
        List<NamedVolume> exported = facts.volumes().stream()
                .filter(named -> !ownedOnly || named.owned())
                .toList();
        List<NamedVolume> seen = exported.stream().filter(NamedVolume::isSeen).toList();
        IoSeries io = new IoSeries(facts, points);
        List<MetricSnapshot> metrics = new ArrayList<>();
        states(metrics, seen, io);
        metrics.add(points.gauge(
                "csv_backup_volume_up",
                "1 if the agent could read the volume when it last tried",
                exported,
                v -> Points.flag(v.isSeen())));
        metrics.add(points.gauge(
                "csv_backup_volume_owned",
                "1 if this agent's node owns the volume",
                seen,
                v -> Points.flag(v.owned())));
        metrics.add(infos(exported));
        history(metrics, facts, exported);
        metrics.addAll(io.series(isExported(exported)));
        metrics.addAll(ClearSeries.of(facts.clears(), points, facts.volumes()));
        metrics.add(durations(facts.ended()));
        metrics.add(numbers(facts));
        metrics.addAll(new LeftoverSeries(facts, points).series());
        return new MetricSnapshots(metrics);
    }

    /** Which labels have series; those of volumes that the cluster does not list do too, unless only owned volumes do. */
    private Predicate<String> isExported(List<NamedVolume> exported) {
        if (!ownedOnly) {
            return label -> true;
        }
        Set<String> labels = exported.stream().map(NamedVolume::label).collect(Collectors.toSet());
        return labels::contains;
    }

    private void states(List<MetricSnapshot> metrics, List<NamedVolume> seen, IoSeries io) {
        metrics.add(points.gauge(
                "csv_backup_in_progress",
                "1 while the backup state is set",
                seen,
                v -> Points.flag(v.volume().backupState().isInProgress())));
        metrics.add(points.gauge(
                "csv_backup_stale",
                "1 while the state has been set for longer than stale-after",
                seen,
                v -> Points.flag(v.stale())));
        metrics.add(points.gaugeWhere(
                "csv_backup_verdict",
                "The guard's verdict at the last poll: 0 IDLE, 1 CLEARABLE, 2 RECENT, 3 UNPROVEN, 4 ACTIVE; ACTIVE counts"
                        + " from any agent, every other verdict from the agent whose node owns the volume",
                seen,
                VolumeSeries::verdict));
        metrics.add(points.gaugeWhere(
                "csv_backup_state",
                "Backup state, as the cluster's number, if it is unknown: neither 0 (none) nor 1 (in progress)",
                seen,
                VolumeSeries::unknownState));
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
                v -> v.since()));
        metrics.add(points.times(
                "csv_backup_observed_since_timestamp_seconds",
                "Since when the state has been seen set without a gap in polling; absent while it is not set",
                seen,
                v -> v.observedSince()));
    }

    private static @Nullable Double verdict(NamedVolume named) {
        Verdict verdict = named.verdict();
        return verdict == null ? null : number(verdict);
    }

    private static double number(Verdict verdict) {
        return switch (verdict) {
            case IDLE -> 0;
            case CLEARABLE -> 1;
            case RECENT -> 2;
            case UNPROVEN -> 3;
            case ACTIVE -> 4;
        };
    }

    private static @Nullable Double unknownState(NamedVolume named) {
        BackupState state = named.volume().backupState();
        return state.isNone() || state.isInProgress() ? null : (double) state.code();
    }

    private static @Nullable Double faultState(NamedVolume named, IoSeries io) {
        FaultState state = named.volume().faultState();
        boolean usual =
                state.equals(FaultState.NO_FAULTS) || (state.equals(FaultState.NO_DIRECT_IO) && io.isKnown(named));
        return usual ? null : (double) state.code();
    }

    private void history(List<MetricSnapshot> metrics, VolumeFacts facts, List<NamedVolume> exported) {
        metrics.add(points.counter(
                "csv_backup_stale_detected",
                "Times this agent saw the state become stale; do not sum over agents",
                exported,
                v -> v.staleTotal()));
        metrics.add(points.counter(
                "csv_backup_abandoned_detected",
                "Times this agent saw a stale state with all evidence against a live backup; do not sum over agents",
                exported,
                v -> v.count(facts.abandoned())));
        metrics.add(points.gaugeWhere(
                "csv_backup_last_duration_seconds",
                "How long the last ended backup state lasted; absent if none was seen to end",
                exported,
                v -> {
                    Duration last = v.lastDuration();
                    return last == null ? null : last.toMillis() / 1000.0;
                }));
    }

    private MetricSnapshot infos(List<NamedVolume> volumes) {
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name("csv_backup_volume").help("GUID name and resource of the volume");
        for (NamedVolume named : volumes) {
            Volume volume = named.volume();
            info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(points.labels(named)
                            .add("volume_guid", OutsideText.wellFormed(volume.guidName()))
                            .add("resource", OutsideText.wellFormed(volume.resourceName())))
                    .build());
        }
        return info.build();
    }

    private MetricSnapshot durations(DurationHistogram ended) {
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
    private MetricSnapshot numbers(VolumeFacts facts) {
        List<NamedVolume> seen = facts.seen();
        List<NamedVolume> stale = seen.stream().filter(NamedVolume::stale).toList();
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_volumes")
                .help(
                        "Volumes that this agent knows, owned or not: all, and those in a state; unreadable also counts each"
                                + " disk whose volumes are not known, and unknown counts only these");
        gauge.dataPoint(number("all", facts.volumes().size()));
        gauge.dataPoint(number(
                "in_progress",
                number(seen, named -> named.volume().backupState().isInProgress())));
        gauge.dataPoint(number("stale", stale.size()));
        gauge.dataPoint(number("abandoned", number(stale, named -> named.verdict() == Verdict.CLEARABLE)));
        gauge.dataPoint(number("unreadable", facts.unreadable()));
        gauge.dataPoint(number("unknown", facts.unknown()));
        return gauge.build();
    }

    private static long number(List<NamedVolume> volumes, Predicate<NamedVolume> which) {
        return volumes.stream().filter(which).toList().size();
    }

    private GaugeSnapshot.GaugeDataPointSnapshot number(String state, long count) {
        return Points.point(points.labels().add("state", state), (double) count);
    }
}
