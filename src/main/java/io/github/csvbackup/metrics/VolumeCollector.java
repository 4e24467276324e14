package io.github.csvbackup.metrics;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All series of volumes, made from one snapshot. A volume's state series are withheld while it is not known: an old value would win
 * every {@code max} over several agents.
 */
record VolumeCollector(
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
        List<WatchedVolume> all = snapshot.volumes();
        List<WatchedVolume> seen =
                fresh ? all.stream().filter(WatchedVolume::isReadable).toList() : List.of();
        List<MetricSnapshot> metrics = new ArrayList<>();
        metrics.add(gauge(
                "csv_backup_in_progress",
                "1 while the backup state is set",
                seen,
                v -> flag(v.volume().backupState().isInProgress())));
        metrics.add(gauge(
                "csv_backup_stale",
                "1 while the state is set for longer than stale-after",
                seen,
                v -> flag(v.stale())));
        metrics.add(gauge(
                "csv_backup_state",
                "The cluster's number of the backup state",
                seen,
                v -> v.volume().backupState().code()));
        metrics.add(gauge(
                "csv_backup_volume_fault_state",
                "The cluster's number of the fault state",
                seen,
                v -> v.volume().faultState().code()));
        metrics.add(verdicts(snapshot, seen));
        metrics.add(times(
                "csv_backup_in_progress_since_timestamp_seconds",
                "When the state was first seen set; absent while it is not set",
                seen,
                WatchedVolume::since));
        metrics.add(times(
                "csv_backup_observed_since_timestamp_seconds",
                "Since when the state has been seen set without a gap in polling; absent while it is not set",
                seen,
                WatchedVolume::observedSince));
        metrics.add(gauge(
                "csv_backup_volume_up", "1 if the last poll read the volume", all, v -> flag(fresh && v.isReadable())));
        metrics.add(gauge(
                "csv_backup_volume_owned",
                "1 if this agent's node owns the volume",
                seen,
                v -> flag(v.volume().ownerNode().equalsIgnoreCase(snapshot.localNode()))));
        metrics.add(infos(all));
        metrics.add(counter(
                "csv_backup_stale_detected",
                "How often this agent saw a state become stale; never sum it",
                all,
                v -> v.staleTotal()));
        Map<String, Long> abandonedStates = abandoned.get();
        metrics.add(counter(
                "csv_backup_abandoned_detected",
                "How often this agent saw a stale state with all evidence against a live backup; never sum it",
                all,
                v -> abandonedStates.getOrDefault(path(v), 0L)));
        metrics.add(durations(all));
        metrics.addAll(IoSeries.of(snapshot, fresh));
        ClearCounts counts = clears.get();
        metrics.add(requests(all, counts));
        metrics.add(counter(
                "csv_backup_forced_clears",
                "Clears that overruled the guard",
                all,
                v -> counts.forced().getOrDefault(path(v), 0L)));
        metrics.add(counter(
                "csv_backup_suspect_clears",
                "Clears around which a backup began or may have begun",
                all,
                v -> counts.suspect().getOrDefault(path(v), 0L)));
        if (lastSuccess != null) {
            metrics.add(GaugeSnapshot.builder()
                    .name("csv_backup_last_successful_poll_timestamp_seconds")
                    .help("When the last poll that read the cluster ended")
                    .dataPoint(point(Labels.EMPTY, seconds(lastSuccess)))
                    .build());
        }
        return new MetricSnapshots(metrics);
    }

    private static String path(WatchedVolume watched) {
        return watched.volume().friendlyPath();
    }

    private static Labels labels(WatchedVolume watched) {
        return Labels.of("volume", path(watched));
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

    private static MetricSnapshot gauge(
            String name, String help, List<WatchedVolume> volumes, ToDoubleFunction<WatchedVolume> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        volumes.forEach(watched -> gauge.dataPoint(point(labels(watched), value.applyAsDouble(watched))));
        return gauge.build();
    }

    private static MetricSnapshot times(
            String name, String help, List<WatchedVolume> volumes, Function<WatchedVolume, @Nullable Instant> time) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (WatchedVolume watched : volumes) {
            Instant at = time.apply(watched);
            if (at != null) {
                gauge.dataPoint(point(labels(watched), seconds(at)));
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

    private static MetricSnapshot counter(
            String name, String help, List<WatchedVolume> volumes, ToDoubleFunction<WatchedVolume> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        volumes.forEach(watched -> counter.dataPoint(count(labels(watched), value.applyAsDouble(watched))));
        return counter.build();
    }

    private MetricSnapshot verdicts(Snapshot snapshot, List<WatchedVolume> volumes) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_verdict")
                .help("1 for the guard's verdict at the last poll, 0 for the others");
        for (WatchedVolume watched : volumes) {
            Verdict verdict = guard.verdict(snapshot, watched);
            for (Verdict each : Verdict.values()) {
                gauge.dataPoint(point(labels(watched).add("verdict", each.name()), flag(each == verdict)));
            }
        }
        return gauge.build();
    }

    private static MetricSnapshot infos(List<WatchedVolume> volumes) {
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name("csv_backup_volume").help("What a volume's names belong to");
        volumes.forEach(watched -> info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                .labels(labels(watched)
                        .add("volume_guid", watched.volume().guidName())
                        .add("resource", watched.volume().resourceName()))
                .build()));
        return info.build();
    }

    private static MetricSnapshot durations(List<WatchedVolume> volumes) {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("csv_backup_duration_seconds")
                .help("How long the states that ended had lasted");
        for (WatchedVolume watched : volumes) {
            DurationHistogram ended = watched.ended();
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int i = 0; i < DurationHistogram.BOUNDS_SECONDS.size(); i++) {
                buckets.bucket(
                        DurationHistogram.BOUNDS_SECONDS.get(i), ended.counts().get(i));
            }
            buckets.bucket(Double.POSITIVE_INFINITY, ended.counts().get(DurationHistogram.BOUNDS_SECONDS.size()));
            histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(labels(watched))
                    .classicHistogramBuckets(buckets.build())
                    .sum(ended.sumSeconds())
                    .build());
        }
        return histogram.build();
    }

    private static MetricSnapshot requests(List<WatchedVolume> volumes, ClearCounts counts) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("csv_backup_clear_requests")
                .help(
                        "Requests to clear that this agent executed, by outcome; volume is empty for a path on no volume");
        List<String> paths = new ArrayList<>(List.of(""));
        volumes.forEach(watched -> paths.add(path(watched)));
        for (String path : paths) {
            Map<Outcome, Long> byOutcome = counts.requests().getOrDefault(path, Map.of());
            for (Outcome outcome : Outcome.values()) {
                counter.dataPoint(count(
                        Labels.of("volume", path, "outcome", outcome.label()), byOutcome.getOrDefault(outcome, 0L)));
            }
        }
        return counter.build();
    }
}
