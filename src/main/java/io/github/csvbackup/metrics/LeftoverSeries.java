package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.text.OutsideText;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What failed backups left behind, as this agent's own node reports it: numbers, and no names of machines. A volume has series only while something
 * is left over on it, whichever node owns it: only this agent asks this node. A node without Hyper-V has no series at all.
 */
final class LeftoverSeries {
    private final Points points;
    private final Leftovers leftovers;
    private final Map<VolumeKey, String> labels = new HashMap<>();
    /** By the volume's label, so that two volumes with one label cannot make a duplicate series. */
    private final Map<String, Map<LeftoverKind, List<Leftover>>> found = new TreeMap<>();

    LeftoverSeries(VolumeFacts facts, Points points) {
        this.points = points;
        this.leftovers = facts.leftovers();
        facts.volumes().forEach(named -> labels.put(named.volume().key(), named.label()));
        for (Leftover each : leftovers.found()) {
            found.computeIfAbsent(label(each.volume()), label -> new EnumMap<>(LeftoverKind.class))
                    .computeIfAbsent(each.kind(), kind -> new ArrayList<>())
                    .add(each);
        }
    }

    /** The GUID name for a volume that has no other series, such as one that the cluster no longer lists. */
    private String label(VolumeKey volume) {
        String label = labels.get(volume);
        return label == null ? OutsideText.wellFormed(volume.guidName()) : label;
    }

    List<MetricSnapshot> series() {
        return List.of(
                byKind(
                        "csv_backup_leftovers",
                        "What failed backups left on the volume, as this agent's node reports it; absent if nothing",
                        each -> (double) each.size()),
                byKind(
                        "csv_backup_oldest_leftover_timestamp_seconds",
                        "Since when the oldest of them has been there; absent if not known",
                        LeftoverSeries::oldest),
                bytes(),
                question(
                        "csv_backup_hyper_v_up",
                        "1 if the node's Hyper-V answered when it was last asked; absent before that, and without Hyper-V",
                        Points.flag(leftovers.answer() == Leftovers.Answer.TOLD)),
                question(
                        "csv_backup_hyper_v_asked_timestamp_seconds",
                        "When the node's Hyper-V was last asked; absent before that, and without Hyper-V",
                        leftovers.at() == null ? null : Points.seconds(leftovers.at())),
                question(
                        "csv_backup_shadow_copies_listed_timestamp_seconds",
                        "When the node's shadow copies were last listed; absent without a list of the last four days",
                        leftovers.copiesListed() == null ? null : Points.seconds(leftovers.copiesListed())));
    }

    private static @Nullable Double oldest(List<Leftover> some) {
        Instant oldest = null;
        for (Leftover each : some) {
            Instant since = each.since();
            if (since != null && (oldest == null || since.isBefore(oldest))) {
                oldest = since;
            }
        }
        return oldest == null ? null : Points.seconds(oldest);
    }

    private MetricSnapshot byKind(String name, String help, Function<List<Leftover>, @Nullable Double> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        found.forEach((volume, kinds) -> kinds.forEach((kind, some) -> {
            Double known = value.apply(some);
            if (known != null) {
                gauge.dataPoint(Points.point(points.labels(volume).add("kind", kind.label()), known));
            }
        }));
        return gauge.build();
    }

    private MetricSnapshot bytes() {
        Map<String, Long> byLabel = new TreeMap<>();
        leftovers.bytesByVolume().forEach((volume, bytes) -> byLabel.merge(label(volume), bytes, Long::sum));
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("csv_backup_leftover_bytes")
                .help(
                        "Size of the differencing disks of machines with something left over; absent if not all were counted");
        byLabel.forEach((volume, bytes) -> gauge.dataPoint(Points.point(points.labels(volume), bytes.doubleValue())));
        return gauge.build();
    }

    private MetricSnapshot question(String name, String help, @Nullable Double value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        boolean asked = leftovers.answer() == Leftovers.Answer.TOLD || leftovers.answer() == Leftovers.Answer.FAILED;
        if (asked && value != null) {
            gauge.dataPoint(Points.point(points.labels(), value));
        }
        return gauge.build();
    }
}
