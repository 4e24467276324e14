package io.github.csvbackup.cluster.windows;

import java.util.ArrayList;
import java.util.List;

/** Writes what the script about virtual machines prints. */
final class MachineAnswer {
    static final String NODE = "NODE1";
    private static final int WIDTH = 70;

    private final List<String> systems = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final List<String> disks = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();

    static String guid(int number) {
        return String.format("1F6D0000-0000-4000-8000-%012d", number);
    }

    MachineAnswer system(String id, String name, String status) {
        systems.add(lines("system", id, "name", name, "status", status));
        return this;
    }

    MachineAnswer setting(String guid, String machine, String type, String name, String created, String folder) {
        settings.add(lines(
                "setting",
                "Microsoft:" + guid,
                "machine",
                machine,
                "type",
                type,
                "name",
                name,
                "created",
                created,
                "configuration",
                folder,
                "checkpoints",
                folder));
        return this;
    }

    MachineAnswer disk(String id, String path) {
        disks.add(lines("disk", id, "path", path));
        return this;
    }

    MachineAnswer merge(String id, String state) {
        merges.add(lines("merge", id, "state", state));
        return this;
    }

    /** The whole output. */
    String text() {
        List<String> all = new ArrayList<>(List.of(lines("hyperv", "v2")));
        List.of(systems, settings, disks, merges).forEach(all::addAll);
        all.add(lines("end", systems.size() + " " + settings.size() + " " + disks.size() + " " + merges.size()));
        return String.join("", all);
    }

    private static String lines(String... keysAndValues) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String line = keysAndValues[i] + "=" + escaped(keysAndValues[i + 1]);
            for (; line.length() > WIDTH; line = line.substring(WIDTH)) {
                lines.append(line, 0, WIDTH).append("+\r\n");
            }
            lines.append(line).append(".\r\n");
        }
        return lines.toString();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                escaped.append("\\\\");
            } else if (c >= ' ' && c < 127) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }
}
