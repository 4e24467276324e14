package io.github.csvbackup.management;

import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.NodeNames;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How one node reaches one volume, as clients see it.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param node node that the state belongs to; empty if unknown
 * @param state DIRECT, FILE_SYSTEM_REDIRECTED, BLOCK_REDIRECTED, PAUSED, UNAVAILABLE, UNKNOWN, or the cluster's number
 * @param reasons why the I/O is not direct; redirected I/O does not indicate a backup
 * @param message the same as a sentence, with what to do; empty if the state is DIRECT
 */
public record IoStateView(String volume, String node, String state, List<String> reasons, String message) {
    private static final String NOT_DIRECT = " does not use direct I/O";

    /** One row per known state. A volume without any gets one row that says why. */
    static List<IoStateView> of(Snapshot snapshot) {
        NodeAnswer<IoReading> answer = snapshot.io();
        IoReading reading = answer == null ? null : answer.value();
        List<IoStateView> views = new ArrayList<>();
        VolumeNames names = snapshot.names();
        Set<String> known = new HashSet<>();
        if (reading != null) {
            Map<String, String> byGuid = new HashMap<>();
            snapshot.volumes()
                    .forEach(watched -> byGuid.put(key(watched.volume().guidName()), names.of(watched.volume())));
            for (VolumeIoState state : reading.states()) {
                String guid = key(state.guidName());
                known.add(guid);
                views.add(of(byGuid.getOrDefault(guid, state.friendlyPath()), state));
            }
        }
        for (WatchedVolume watched : snapshot.volumes()) {
            if (!known.contains(key(watched.volume().guidName()))) {
                String name = names.of(watched.volume());
                views.add(new IoStateView(name, "", "UNKNOWN", List.of(), why(answer, watched)));
            }
        }
        return views;
    }

    private static String why(@Nullable NodeAnswer<IoReading> answer, WatchedVolume watched) {
        if (answer == null) {
            return "Not checked yet. Wait a moment.";
        }
        Problem problem = answer.problem();
        IoReading reading = answer.value();
        if (reading != null) {
            for (UnreadableDisk disk : reading.unreadable()) {
                if (disk.resourceName().equals(watched.volume().resourceName())) {
                    problem = Problem.of(disk.problem());
                }
            }
        }
        return problem == null
                ? "The cluster does not report how the nodes access this volume."
                : problem.message() + ". " + problem.remedy();
    }

    /** The case of GUID names does not matter. */
    private static String key(String guidName) {
        return guidName.toLowerCase(Locale.ROOT);
    }

    private static IoStateView of(String name, VolumeIoState state) {
        List<String> reasons = new ArrayList<>();
        state.reasons().forEach(reason -> reasons.add(reason.name()));
        String unknown = state.unknownReasons();
        if (!unknown.isEmpty()) {
            reasons.add(unknown);
        }
        return new IoStateView(name, state.node(), state.stateName(), reasons, sentence(state));
    }

    /** Empty if the node uses direct I/O. */
    static String sentence(VolumeIoState state) {
        return state.isDirect() ? "" : state.node() + NOT_DIRECT + how(state, true);
    }

    /** The end of a sentence, which names no node, and what to do. */
    private static String how(VolumeIoState state, boolean withRemedies) {
        String start = " (" + state.stateName() + ")";
        if (state.reasons().isEmpty()) {
            String unknown = state.unknownReasons();
            return start
                    + (unknown.isEmpty()
                            ? ", and the cluster gives no reason."
                            : ", for a reason unknown to the agent: " + unknown + ".");
        }
        return start + ": "
                + state.reasons().stream()
                        .map(reason -> reason.text() + "." + (withRemedies ? " " + reason.remedy() : ""))
                        .collect(Collectors.joining(" Also: "));
    }

    /** The note on the volume's I/O in an assessment, without remedies, which {@link #of} has; empty if all nodes use direct I/O or nothing is known. */
    static String note(Snapshot snapshot, Volume volume) {
        NodeAnswer<IoReading> answer = snapshot.io();
        IoReading reading = answer == null ? null : answer.value();
        if (reading == null) {
            return "";
        }
        Map<String, List<String>> nodes = new LinkedHashMap<>();
        for (VolumeIoState state : reading.states()) {
            if (state.guidName().equalsIgnoreCase(volume.guidName()) && !state.isDirect()) {
                nodes.computeIfAbsent(how(state, false), key -> new ArrayList<>())
                        .add(state.node());
            }
        }
        String sentences = nodes.entrySet().stream()
                .map(group -> "not direct on "
                        + NodeNames.of(group.getValue(), snapshot.nodes().size()) + group.getKey())
                .collect(Collectors.joining(" "));
        return sentences.isEmpty() ? "" : " I/O (no sign of a backup): " + sentences;
    }
}
