package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;

/** How the nodes reach the volumes, as series; none where it is not known. */
final class IoSeries {
    private IoSeries() {}

    /** @param fresh false if the polls have not seen the cluster lately */
    static List<MetricSnapshot> of(Snapshot snapshot, boolean fresh) {
        GaugeSnapshot.Builder states = GaugeSnapshot.builder()
                .name("csv_backup_volume_io_state")
                .help("1 for the state in which a node reaches a volume, 0 for the others");
        GaugeSnapshot.Builder reasons = GaugeSnapshot.builder()
                .name("csv_backup_volume_redirected_reason")
                .help(
                        "1 for each reason why a node does not use direct I/O, 0 for the others; a backup is none of them");
        NodeAnswer<IoReading> answer = snapshot.io();
        IoReading reading = answer == null || !fresh ? null : answer.value();
        for (VolumeIoState state : reading == null ? List.<VolumeIoState>of() : reading.states()) {
            Labels labels = Labels.of("volume", state.friendlyPath(), "node", state.node());
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
