package io.github.csvbackup.metrics;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.Outcome;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The series of clears: counters of the agent, and for each volume when the last one of each kind was. */
final class ClearSeries {
    private ClearSeries() {}

    /** @param volumes all volumes: only this agent knows what it cleared, whichever node owns the volume now */
    static List<MetricSnapshot> of(ClearCounts counts, Points points, Collection<NamedVolume> volumes) {
        return List.of(
                requests(counts, points),
                total(
                        points,
                        "csv_backup_forced_clears",
                        "Clears by this agent that overrode the guard",
                        counts.totalForced()),
                total(
                        points,
                        "csv_backup_suspect_clears",
                        "Clears by this agent after which a new shadow copy was found",
                        counts.totalSuspect()),
                lastRequests(counts, points, volumes),
                points.times(
                        "csv_backup_last_forced_clear_timestamp_seconds",
                        "When this agent last made a clear that overrode the guard; absent if never",
                        volumes,
                        named -> named.latest(counts.last().forced())),
                points.times(
                        "csv_backup_last_suspect_clear_timestamp_seconds",
                        "When this agent last found a new shadow copy after one of its clears; absent if never",
                        volumes,
                        named -> named.latest(counts.last().suspect())));
    }

    private static MetricSnapshot requests(ClearCounts counts, Points points) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("csv_backup_clear_requests")
                .help("Clear requests that this agent executed, by outcome");
        for (Outcome outcome : Outcome.values()) {
            counter.dataPoint(
                    Points.count(points.labels().add("outcome", outcome.label()), (double) counts.total(outcome)));
        }
        return counter.build();
    }

    private static MetricSnapshot total(Points points, String name, String help, long count) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(Points.count(points.labels(), (double) count))
                .build();
    }

    private static MetricSnapshot lastRequests(ClearCounts counts, Points points, Collection<NamedVolume> volumes) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_last_clear_timestamp_seconds")
                .help(
                        "When the last clear request with this outcome that this agent executed ended; absent if none did");
        byOutcome(counts).forEach((outcome, times) -> {
            for (NamedVolume named : volumes) {
                Instant last = named.latest(times);
                if (last != null) {
                    gauge.dataPoint(
                            Points.point(points.labels(named).add("outcome", outcome.label()), Points.seconds(last)));
                }
            }
        });
        return gauge.build();
    }

    /** The times by the volume's name, only for outcomes that there were. */
    private static Map<Outcome, Map<String, Instant>> byOutcome(ClearCounts counts) {
        Map<Outcome, Map<String, Instant>> byOutcome = new EnumMap<>(Outcome.class);
        counts.last()
                .requests()
                .forEach((volume, times) -> times.forEach((outcome, last) -> byOutcome
                        .computeIfAbsent(outcome, key -> new HashMap<>())
                        .put(volume, last)));
        return byOutcome;
    }
}
