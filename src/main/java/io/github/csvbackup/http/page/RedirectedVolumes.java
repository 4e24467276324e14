package io.github.csvbackup.http.page;

import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.watch.NodeAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The volumes that some node does not reach directly, grouped by the reason. */
record RedirectedVolumes(Reading reading) {
    private static final int MOST_NODES_NAMED = 3;

    /** What volumes have in common that are shown together. */
    private record Reason(int state, long fileSystemReasons, long volumeReasons) {
        static Reason of(VolumeIoState state) {
            return new Reason(state.state(), state.fileSystemReasons(), state.volumeReasons());
        }
    }

    /** Volumes with one reason, and the nodes that it is true for. */
    private record Group(String sentence, Map<String, List<String>> nodesByVolume) {}

    void write(Html html) {
        NodeAnswer<IoReading> answer = reading.snapshot().io();
        IoReading io = answer == null ? null : answer.value();
        if (io == null) {
            return;
        }
        Map<Reason, Group> groups = groups(io.states());
        if (groups.isEmpty()) {
            return;
        }
        html.markup("<section><h2>Volumes without direct I/O</h2>")
                .markup("<p class=\"note\">This does not indicate a backup.</p>");
        groups.values().forEach(group -> {
            html.markup("<div class=\"group\"><p>").text(group.sentence()).markup("</p>");
            List<NameList.Name> names = new ArrayList<>();
            group.nodesByVolume().forEach((volume, nodes) -> names.add(new NameList.Name(volume, on(nodes))));
            NameList.write(html, names);
            html.markup("</div>");
        });
        html.markup("</section>");
    }

    private Map<Reason, Group> groups(List<VolumeIoState> states) {
        Map<String, String> names = new HashMap<>();
        reading.snapshot().volumes().forEach(watched -> {
            Volume volume = watched.volume();
            names.put(key(volume.guidName()), reading.name(volume));
        });
        Map<Reason, Group> groups = new LinkedHashMap<>();
        for (VolumeIoState state : states) {
            if (!state.isDirect()) {
                String name = names.getOrDefault(key(state.guidName()), state.friendlyPath());
                groups.computeIfAbsent(Reason.of(state), reason -> new Group(sentence(state), new LinkedHashMap<>()))
                        .nodesByVolume()
                        .computeIfAbsent(name, volume -> new ArrayList<>())
                        .add(state.node());
            }
        }
        return groups;
    }

    /** The case of GUID names does not matter. */
    private static String key(String guidName) {
        return guidName.toLowerCase(Locale.ROOT);
    }

    private static String on(List<String> nodes) {
        int last = nodes.size() - 1;
        if (nodes.size() > MOST_NODES_NAMED) {
            return " on " + nodes.size() + " nodes";
        }
        return last == 0
                ? " on " + nodes.get(0)
                : " on " + String.join(", ", nodes.subList(0, last)) + " and " + nodes.get(last);
    }

    private static String sentence(VolumeIoState state) {
        if (!state.reasons().isEmpty()) {
            return state.stateName() + ": "
                    + state.reasons().stream()
                            .map(reason -> reason.text() + ". " + reason.remedy())
                            .collect(Collectors.joining(" Also: "));
        }
        String unknown = state.unknownReasons();
        return state.stateName()
                + (unknown.isEmpty()
                        ? ", and the cluster gives no reason."
                        : ", for a reason unknown to the agent: " + unknown + ".");
    }
}
