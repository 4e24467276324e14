package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the output of {@link ShadowCopyQuery}'s script: {@code vss=} and the state of the VSS service; for each copy the line {@code copy} and
 * eight lines {@code key=value}; for each volume of the node the line {@code own} and three such lines; at the end {@code end=} and
 * the numbers of copies and volumes. Values have escapes, see {@link ScriptText#unescape}. Any other output is invalid.
 * Pure: text in, copies out.
 */
final class ShadowCopyList {
    private static final List<String> COPY =
            List.of("id", "set", "provider", "volume", "machine", "persistent", "state", "created");

    private static final List<String> OWN_VOLUME = List.of("device", "drive", "filesystem");
    /** In the order of dwCurrentState, from 1. */
    private static final List<String> SERVICE_STATES = List.of(
            "Stopped", "Start Pending", "Stop Pending", "Running", "Continue Pending", "Pause Pending", "Paused");

    private static final Pattern GUID = Pattern.compile("\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}}");

    private ShadowCopyList() {}

    /** @throws MalformedListException if a line does not have the expected form or the end is missing */
    static ShadowCopies parse(String output) throws MalformedListException {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        ServiceStatus vssBefore = vss(lines.isEmpty() ? "" : lines.get(0));
        List<ShadowCopy> copies = new ArrayList<>();
        List<NodeVolume> volumes = new ArrayList<>();
        int next = 1;
        for (; isStart(lines, next, "copy"); next += 1 + COPY.size()) {
            copies.add(copy(values(lines, next + 1, COPY)));
        }
        for (; isStart(lines, next, "own"); next += 1 + OWN_VOLUME.size()) {
            List<String> values = values(lines, next + 1, OWN_VOLUME);
            volumes.add(new NodeVolume(values.get(0), values.get(1), values.get(2)));
        }
        if (next >= lines.size()) {
            throw new MalformedListException("the list is incomplete");
        }
        String last = lines.get(next);
        if (next != lines.size() - 1 || !last.equals("end=" + copies.size() + " " + volumes.size())) {
            throw new MalformedListException("the line \"" + ScriptText.shown(last) + "\" is out of place");
        }
        return new ShadowCopies(copies, vssBefore, volumes);
    }

    private static boolean isStart(List<String> lines, int at, String word) {
        return at < lines.size() && lines.get(at).equals(word);
    }

    /** Win32_Service.State, which is English in every Windows. */
    private static ServiceStatus vss(String line) throws MalformedListException {
        for (int state = 1; state <= SERVICE_STATES.size(); state++) {
            if (line.equals("vss=" + SERVICE_STATES.get(state - 1))) {
                return new ServiceStatus(state, null, null);
            }
        }
        throw new MalformedListException(
                "it does not begin with the state of the VSS service, but with \"" + ScriptText.shown(line) + "\"");
    }

    private static List<String> values(List<String> lines, int from, List<String> keys) throws MalformedListException {
        if (lines.size() - from < keys.size()) {
            throw new MalformedListException("the list ends within a shadow copy or a volume");
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String line = lines.get(from + i);
            String start = keys.get(i) + "=";
            if (!line.startsWith(start)) {
                throw new MalformedListException(
                        "the line \"" + ScriptText.shown(line) + "\" is not the expected " + start);
            }
            values.add(ScriptText.unescape(line.substring(start.length())));
        }
        return values;
    }

    /** A volume that is not a GUID name stays as it is and is judged for each copy. */
    private static ShadowCopy copy(List<String> values) throws MalformedListException {
        for (int i = 0; i < 3; i++) {
            if (!GUID.matcher(values.get(i)).matches()) {
                throw new MalformedListException(
                        "\"" + ScriptText.shown(values.get(i)) + "\" is not a valid " + COPY.get(i));
            }
        }
        return new ShadowCopy(
                values.get(0),
                values.get(1),
                values.get(2),
                values.get(3),
                values.get(4),
                bool(values.get(5)),
                state(values.get(6)),
                time(values.get(7)));
    }

    private static boolean bool(String value) throws MalformedListException {
        return switch (value) {
            case "True" -> true;
            case "False" -> false;
            default ->
                throw new MalformedListException("\"" + ScriptText.shown(value) + "\" is neither True nor False");
        };
    }

    private static int state(String value) throws MalformedListException {
        if (value.isEmpty() || value.length() > 4 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedListException("\"" + ScriptText.shown(value) + "\" is not a state");
        }
        return Integer.parseInt(value);
    }

    /** Null if the copy has no time; it then counts as new. */
    private static @Nullable Instant time(String value) throws MalformedListException {
        return value.isEmpty() ? null : ScriptText.time(value);
    }
}
