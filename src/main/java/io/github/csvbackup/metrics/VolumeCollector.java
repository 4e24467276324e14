package io.github.csvbackup.metrics;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The series of all volumes, built from one snapshot. A volume's state series are withheld while its state is not known: an old value
 * would win every {@code max} over several agents. Every series has the label backend, so that queries need no join with csv_backup_agent_info to
 * exclude simulated volumes. It is constant while the agent runs, and the only label of the agent on these series.
 */
record VolumeCollector(
        String backend,
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
        Instant lastSuccess = snapshot.lastSuccess();
        boolean fresh = lastSuccess != null
                && Duration.between(lastSuccess, clock.instant()).compareTo(settings.freshFor()) <= 0;
        Collection<NamedVolume> all = NamedVolume.of(snapshot);
        List<NamedVolume> seen = fresh
                ? all.stream()
                        .filter(named -> named.watched().isFresh(clock.instant(), settings))
                        .toList()
                : List.of();
        List<MetricSnapshot> metrics = new ArrayList<>();
        metrics.add(gauge(
                "csv_backup_in_progress",
                "1 while the backup state is set",
                seen,
                v -> flag(v.watched().volume().backupState().isInProgress())));
        metrics.add(gauge(
                "csv_backup_stale",
                "1 while the state has been set for longer than stale-after",
                seen,
                v -> flag(v.watched().stale())));
        metrics.add(gauge(
                "csv_backup_state",
                "Backup state, as the cluster's number",
                seen,
                v -> v.watched().volume().backupState().code()));
        metrics.add(gauge(
                "csv_backup_volume_fault_state",
                "Fault state, as the cluster's number",
                seen,
                v -> v.watched().volume().faultState().code()));
        metrics.add(verdicts(snapshot, seen));
        metrics.add(times(
                "csv_backup_in_progress_since_timestamp_seconds",
                "When the state was first seen set; absent while it is not set",
                seen,
                v -> v.watched().since()));
        metrics.add(times(
                "csv_backup_observed_since_timestamp_seconds",
                "Since when the state has been seen set without a gap in polling; absent while it is not set",
                seen,
                v -> v.watched().observedSince()));
        metrics.add(gauge(
                "csv_backup_volume_up",
                "1 if the last poll read the volume",
                all,
                v -> flag(fresh && v.watched().isReadable())));
        metrics.add(gauge(
                "csv_backup_volume_owned",
                "1 if this agent's node owns the volume",
                seen,
                v -> flag(v.watched().volume().ownerNode().equalsIgnoreCase(snapshot.localNode()))));
        metrics.add(infos(all));
        metrics.add(counter(
                "csv_backup_stale_detected",
                "Times this agent saw the state become stale; do not sum over agents",
                all,
                v -> v.watched().staleTotal()));
        Map<String, Long> abandonedStates = abandoned.get();
        metrics.add(counter(
                "csv_backup_abandoned_detected",
                "Times this agent saw a stale state with all evidence against a live backup; do not sum over agents",
                all,
                v -> v.count(abandonedStates)));
        metrics.add(durations(all));
        metrics.addAll(IoSeries.of(snapshot, backend, all, fresh));
        ClearCounts counts = clears.get();
        metrics.add(requests(all, counts));
        metrics.add(counter(
                "csv_backup_forced_clears", "Clears that overrode the guard", all, v -> v.count(counts.forced())));
        metrics.add(counter(
                "csv_backup_suspect_clears",
                "Clears after which a new shadow copy was found",
                all,
                v -> v.count(counts.suspect())));
        if (lastSuccess != null) {
            metrics.add(GaugeSnapshot.builder()
                    .name("csv_backup_last_successful_poll_timestamp_seconds")
                    .help("End time of the last successful poll")
                    .dataPoint(point(Labels.EMPTY, seconds(lastSuccess)))
                    .build());
        }
        return new MetricSnapshots(metrics);
    }

    private Labels labels(NamedVolume named) {
        return labels(named.label());
    }

    private Labels labels(String volume) {
        return Labels.of("backend", backend, "volume", volume);
    }

    private static double flag(boolean value) {
        return value ? 1 : 0;
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    private MetricSnapshot gauge(
            String name, String help, Collection<NamedVolume> volumes, ToDoubleFunction<NamedVolume> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        volumes.forEach(named -> gauge.dataPoint(point(labels(named), value.applyAsDouble(named))));
        return gauge.build();
    }

    private MetricSnapshot times(
            String name, String help, Collection<NamedVolume> volumes, Function<NamedVolume, @Nullable Instant> time) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (NamedVolume named : volumes) {
            Instant at = time.apply(named);
            if (at != null) {
                gauge.dataPoint(point(labels(named), seconds(at)));
            }
        }
        return gauge.build();
    }

    private static CounterSnapshot.CounterDataPointSnapshot count(Labels labels, double value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    private MetricSnapshot counter(
            String name, String help, Collection<NamedVolume> volumes, ToDoubleFunction<NamedVolume> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        volumes.forEach(named -> counter.dataPoint(count(labels(named), value.applyAsDouble(named))));
        return counter.build();
    }

    private MetricSnapshot verdicts(Snapshot snapshot, Collection<NamedVolume> volumes) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_verdict")
                .help("1 for the guard's verdict at the last poll, 0 for the others");
        for (NamedVolume named : volumes) {
            Verdict verdict = guard.verdict(snapshot, named.watched());
            for (Verdict each : Verdict.values()) {
                gauge.dataPoint(point(labels(named).add("verdict", each.name()), flag(each == verdict)));
            }
        }
        return gauge.build();
    }

    private MetricSnapshot infos(Collection<NamedVolume> volumes) {
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name("csv_backup_volume").help("GUID name and resource of the volume");
        for (NamedVolume named : volumes) {
            Volume volume = named.watched().volume();
            info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(labels(named)
                            .add("volume_guid", OutsideText.wellFormed(volume.guidName()))
                            .add("resource", OutsideText.wellFormed(volume.resourceName())))
                    .build());
        }
        return info.build();
    }

    private MetricSnapshot durations(Collection<NamedVolume> volumes) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name("csv_backup_duration_seconds").help("Duration of ended backup states");
        for (NamedVolume named : volumes) {
            DurationHistogram ended = named.watched().ended();
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int i = 0; i < DurationHistogram.BOUNDS_SECONDS.size(); i++) {
                buckets.bucket(
                        DurationHistogram.BOUNDS_SECONDS.get(i), ended.counts().get(i));
            }
            buckets.bucket(Double.POSITIVE_INFINITY, ended.counts().get(DurationHistogram.BOUNDS_SECONDS.size()));
            histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(labels(named))
                    .classicHistogramBuckets(buckets.build())
                    .sum(ended.sumSeconds())
                    .build());
        }
        return histogram.build();
    }

    private MetricSnapshot requests(Collection<NamedVolume> volumes, ClearCounts counts) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("csv_backup_clear_requests")
                .help(
                        "Clear requests that this agent executed, by outcome; volume is empty for a path that is not on a volume");
        Map<Outcome, Long> elsewhere = counts.requests().getOrDefault("", Map.of());
        for (Outcome outcome : Outcome.values()) {
            counter.dataPoint(count(labels("").add("outcome", outcome.label()), elsewhere.getOrDefault(outcome, 0L)));
            Map<String, Long> byName = counts.requests(outcome);
            volumes.forEach(named -> counter.dataPoint(
                    count(labels(named).add("outcome", outcome.label()), (double) named.count(byName))));
        }
        return counter.build();
    }
}
