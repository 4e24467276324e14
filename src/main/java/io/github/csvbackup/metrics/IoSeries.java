package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The series of how nodes access volumes; none where that is not known. */
final class IoSeries {
    private IoSeries() {}

    /**
     * @param backend the value of the label {@code backend}
     * @param volumes the volumes that have series
     * @param fresh false if the last successful poll is too old; then there are no series
     */
    static List<MetricSnapshot> of(Snapshot snapshot, String backend, Collection<NamedVolume> volumes, boolean fresh) {
        GaugeSnapshot.Builder states = GaugeSnapshot.builder()
                .name("csv_backup_volume_io_state")
                .help("1 for the I/O state of a node for a volume, 0 for the others");
        GaugeSnapshot.Builder reasons = GaugeSnapshot.builder()
                .name("csv_backup_volume_redirected_reason")
                .help(
                        "1 for each reason why a node does not use direct I/O, 0 for the others; a backup is never a reason");
        NodeAnswer<IoReading> answer = snapshot.io();
        IoReading reading = answer == null || !fresh ? null : answer.value();
        VolumeLabels known = new VolumeLabels(snapshot, volumes);
        Set<Labels> added = new HashSet<>();
        for (VolumeIoState state : reading == null ? List.<VolumeIoState>of() : reading.states()) {
            String volume = known.of(state);
            Labels labels =
                    Labels.of("backend", backend, "volume", volume, "node", OutsideText.wellFormed(state.node()));
            if (volume.isEmpty() || !added.add(labels)) {
                continue;
            }
            for (int code = 0; code < VolumeIoState.STATES.size(); code++) {
                states.dataPoint(
                        point(labels.add("state", label(VolumeIoState.STATES.get(code))), state.state() == code));
            }
            for (VolumeIoState.Reason reason : VolumeIoState.Reason.values()) {
                reasons.dataPoint(point(labels.add("reason", label(reason.name())), state.has(reason)));
            }
        }
        return List.of(states.build(), reasons.build());
    }

    /** The labels of volumes by GUID name; GUID names are compared ignoring case. */
    private static final class VolumeLabels {
        private final Map<String, String> byGuid = new HashMap<>();
        private final Set<String> taken = new HashSet<>();

        VolumeLabels(Snapshot snapshot, Collection<NamedVolume> volumes) {
            for (NamedVolume named : volumes) {
                byGuid.putIfAbsent(key(named.watched().volume().guidName()), named.label());
                taken.add(named.label());
            }
            snapshot.volumes()
                    .forEach(watched -> byGuid.putIfAbsent(key(watched.volume().guidName()), ""));
        }

        /** Empty if the volume has no series. A volume that is not listed gets its path as label, unless another volume has that label. */
        String of(VolumeIoState state) {
            String path = OutsideText.wellFormed(state.friendlyPath());
            String unlisted = path.isEmpty() || taken.contains(path) ? OutsideText.wellFormed(state.guidName()) : path;
            return byGuid.getOrDefault(key(state.guidName()), unlisted);
        }

        private static String key(String guidName) {
            return guidName.toLowerCase(Locale.ROOT);
        }
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, boolean set) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(set ? 1 : 0)
                .build();
    }
}
