package io.github.csvbackup.metrics;

import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.text.OutsideText;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How nodes access volumes: numbers of nodes for each volume, and of volumes for the agent's own node. None where that is not known.
 * Nodes that are down do not count.
 */
final class IoSeries {
    /** A redirected state without a known reason, as always on Windows Server 2012. */
    private static final String UNKNOWN = "unknown";

    private static final List<String> REASONS = labels(List.of(VolumeIoState.Reason.values()), true);

    private final Points points;
    private final boolean known;
    private final Map<String, Nodes> byVolume = new LinkedHashMap<>();
    private final Map<String, Integer> ownVolumes = new HashMap<>();

    /** What the nodes that are not down have in common for one volume. */
    private static final class Nodes {
        private final Set<String> counted = new HashSet<>();
        private final Map<String, Integer> reasons = new HashMap<>();
        private final Map<String, Integer> states = new HashMap<>();
        private int notDirect;
    }

    IoSeries(VolumeFacts facts, Points points) {
        this.points = points;
        List<VolumeIoState> states = facts.io();
        this.known = states != null;
        if (states != null) {
            count(states, facts, new VolumeLabels(facts));
        }
    }

    private void count(List<VolumeIoState> states, VolumeFacts facts, VolumeLabels labels) {
        for (VolumeIoState state : states) {
            String volume = labels.of(state);
            if (!volume.isEmpty() && !facts.down().contains(state.node())) {
                Nodes nodes = byVolume.computeIfAbsent(volume, label -> new Nodes());
                if (nodes.counted.add(state.node())) {
                    count(state, nodes, state.node().equalsIgnoreCase(facts.localNode()));
                }
            }
        }
    }

    private void count(VolumeIoState state, Nodes nodes, boolean own) {
        if (state.isDirect()) {
            return;
        }
        nodes.notDirect++;
        if (state.state() == VolumeIoState.PAUSED || state.state() == VolumeIoState.UNAVAILABLE) {
            nodes.states.merge(label(state.stateName()), 1, Integer::sum);
        }
        for (String reason : reasons(state)) {
            nodes.reasons.merge(reason, 1, Integer::sum);
            if (own) {
                ownVolumes.merge(reason, 1, Integer::sum);
            }
        }
    }

    private static List<String> reasons(VolumeIoState state) {
        boolean redirected = state.state() == VolumeIoState.FILE_SYSTEM_REDIRECTED
                || state.state() == VolumeIoState.BLOCK_REDIRECTED;
        boolean unknown = !state.unknownReasons().isEmpty()
                || (redirected && state.reasons().isEmpty());
        return labels(state.reasons(), unknown);
    }

    private static List<String> labels(Collection<VolumeIoState.Reason> reasons, boolean unknown) {
        List<String> labels = new ArrayList<>();
        for (VolumeIoState.Reason reason : reasons) {
            labels.add(label(reason.name()));
        }
        if (unknown) {
            labels.add(UNKNOWN);
        }
        return labels;
    }

    /** Whether the states of the volume's nodes are known. */
    boolean isKnown(NamedVolume named) {
        return byVolume.containsKey(named.label());
    }

    /** @param exported the labels of volumes that have series */
    List<MetricSnapshot> series(Predicate<String> exported) {
        GaugeSnapshot.Builder notDirect = GaugeSnapshot.builder()
                .name("csv_backup_volume_nodes_not_direct")
                .help("Nodes that do not use direct I/O; absent if not known");
        GaugeSnapshot.Builder reasons = GaugeSnapshot.builder()
                .name("csv_backup_volume_redirected_nodes")
                .help("Nodes that do not use direct I/O for this reason; absent if none; a backup is never a reason");
        GaugeSnapshot.Builder states = GaugeSnapshot.builder()
                .name("csv_backup_volume_nodes")
                .help("Nodes for which the volume is paused or unavailable; absent if none");
        byVolume.forEach((volume, nodes) -> {
            if (exported.test(volume)) {
                notDirect.dataPoint(Points.point(points.labels(volume), nodes.notDirect));
                nodes.reasons.forEach((reason, count) ->
                        reasons.dataPoint(Points.point(points.labels(volume).add("reason", reason), count)));
                nodes.states.forEach((state, count) ->
                        states.dataPoint(Points.point(points.labels(volume).add("state", state), count)));
            }
        });
        return List.of(notDirect.build(), reasons.build(), states.build(), ownNode());
    }

    private MetricSnapshot ownNode() {
        GaugeSnapshot.Builder own = GaugeSnapshot.builder()
                .name("csv_backup_node_redirected_volumes")
                .help(
                        "Volumes for which this agent's node does not use direct I/O for this reason; absent if not known");
        if (known) {
            REASONS.forEach(reason -> own.dataPoint(
                    Points.point(points.labels().add("reason", reason), ownVolumes.getOrDefault(reason, 0))));
        }
        return own.build();
    }

    /** The labels of volumes by GUID name; GUID names are compared ignoring case. */
    private static final class VolumeLabels {
        private final Map<String, String> byGuid = new HashMap<>();
        private final Set<String> taken = new HashSet<>();

        VolumeLabels(VolumeFacts facts) {
            for (NamedVolume named : facts.volumes()) {
                byGuid.putIfAbsent(key(named.volume().guidName()), named.label());
                taken.add(named.label());
            }
            facts.listed().forEach(guidName -> byGuid.putIfAbsent(key(guidName), ""));
        }

        /** Empty if the volume has no series. A volume that is not listed gets its path as label, unless another volume has that label. */
        String of(VolumeIoState state) {
            String listed = byGuid.get(key(state.guidName()));
            if (listed != null) {
                return listed;
            }
            String path = OutsideText.wellFormed(state.friendlyPath());
            return path.isEmpty() || taken.contains(path) ? OutsideText.wellFormed(state.guidName()) : path;
        }

        private static String key(String guidName) {
            return guidName.toLowerCase(Locale.ROOT);
        }
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
