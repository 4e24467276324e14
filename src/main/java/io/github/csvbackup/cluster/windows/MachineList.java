package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the output of {@link MachineQuery}'s script: {@code hyperv=none}, or {@code hyperv=v2} and then, each in lines {@code key=value}, the
 * computer systems, the settings of machines and recovery checkpoints, the disks, and the settings of merges; at the end {@code end=} and their
 * numbers. Any other output is invalid. The node lists them one after the other: a disk or a checkpoint whose machine is not in the list belongs
 * to one that came or went meanwhile, and is left out. Pure: text in, machines out.
 *
 * <p>The ids of settings and disks begin with {@code Microsoft:} and the GUID of the machine or checkpoint to which they belong.
 */
final class MachineList {
    /** VirtualSystemType of the settings of a machine (page of Msvm_VirtualSystemSettingData). */
    static final String MACHINE = "Microsoft:Hyper-V:System:Realized";

    /** VirtualSystemType of the settings of a recovery checkpoint (same page). */
    static final String RECOVERY = "Microsoft:Hyper-V:Snapshot:Recovery";

    private static final String[] SYSTEM = {"system", "name", "status"};
    private static final String[] SETTING = {
        "setting", "machine", "type", "name", "created", "configuration", "checkpoints"
    };
    private static final String[] DISK = {"disk", "path"};
    private static final String[] MERGE = {"merge", "state"};

    private static final String GUID_FORM = "([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern GUID = Pattern.compile(GUID_FORM);
    private static final Pattern OWNER = Pattern.compile("Microsoft:" + GUID_FORM + "(?:\\\\.*)?", Pattern.DOTALL);
    /** What 0 as a FILETIME means; Hyper-V may show it for a time that it does not have. */
    private static final Instant NO_TIME = Instant.parse("1601-01-01T00:00:00Z");

    private final List<String> lines;
    private int next = 1;

    private MachineList(List<String> lines) {
        this.lines = lines;
    }

    /**
     * The machines; empty if the node does not have Hyper-V's namespace.
     *
     * @throws MalformedListException if a line does not have the expected form or the end is missing
     */
    static Optional<List<VirtualMachine>> parse(String output) throws MalformedListException {
        List<String> lines = ScriptText.joined(output);
        String first = lines.isEmpty() ? "" : lines.get(0);
        if (first.equals("hyperv=none") && lines.size() == 1) {
            return Optional.empty();
        }
        if (!first.equals("hyperv=v2")) {
            throw new MalformedListException("it does not begin with whether the node has Hyper-V, but with \""
                    + ScriptText.shown(first) + "\"");
        }
        return Optional.of(new MachineList(lines).machines());
    }

    private List<VirtualMachine> machines() throws MalformedListException {
        List<String[]> systems = rows(SYSTEM);
        List<String[]> settings = rows(SETTING);
        List<String[]> disks = rows(DISK);
        List<String[]> merges = rows(MERGE);
        String end = "end=" + systems.size() + " " + settings.size() + " " + disks.size() + " " + merges.size();
        if (next != lines.size() - 1 || !lines.get(next).equals(end)) {
            throw new MalformedListException(
                    next >= lines.size()
                            ? "the list is incomplete"
                            : "the line \"" + ScriptText.shown(lines.get(next)) + "\" is out of place");
        }
        requireNode(systems);
        return join(systems, settings, byOwner(disks), byOwner(merges));
    }

    private List<String[]> rows(String[] keys) throws MalformedListException {
        List<String[]> rows = new ArrayList<>();
        while (next < lines.size() && lines.get(next).startsWith(keys[0] + "=")) {
            String[] row = new String[keys.length];
            for (int i = 0; i < keys.length; i++, next++) {
                String line = next < lines.size() ? lines.get(next) : "";
                if (!line.startsWith(keys[i] + "=")) {
                    throw new MalformedListException(
                            "the line \"" + ScriptText.shown(line) + "\" is not the expected " + keys[i] + "=");
                }
                row[i] = ScriptText.unescape(line.substring(keys[i].length() + 1));
            }
            rows.add(row);
        }
        return rows;
    }

    /**
     * Msvm_ComputerSystem also lists the node itself, under its name instead of a GUID. An account without rights gets an empty list instead of
     * an error, which would look like a node without machines.
     */
    private static void requireNode(List<String[]> systems) throws MalformedListException {
        int nodes = 0;
        for (String[] row : systems) {
            nodes += isGuid(row[0]) ? 0 : 1;
        }
        if (nodes != 1) {
            throw new MalformedListException(
                    nodes == 0
                            ? "it lacks the node itself, so the account may lack rights in Hyper-V"
                            : nodes + " of its systems have no GUID");
        }
    }

    private static boolean isGuid(String text) {
        return GUID.matcher(text).matches();
    }

    /** The second values of the rows by the GUID in the first; rows without a GUID, such as definitions of defaults, are left out. */
    private static Map<String, List<String>> byOwner(List<String[]> rows) {
        Map<String, List<String>> byOwner = new HashMap<>();
        for (String[] row : rows) {
            add(byOwner, owner(row[0]), row[1]);
        }
        return byOwner;
    }

    private static <T> void add(Map<String, List<T>> lists, String key, T value) {
        List<T> list = lists.getOrDefault(key, new ArrayList<>());
        list.add(value);
        lists.put(key, list);
    }

    private static String owner(String id) {
        Matcher matcher = OWNER.matcher(id);
        return matcher.matches() ? key(matcher.group(1)) : "";
    }

    private static String key(String guid) {
        return guid.toUpperCase(Locale.ROOT);
    }

    private static List<VirtualMachine> join(
            List<String[]> systems,
            List<String[]> settings,
            Map<String, List<String>> disks,
            Map<String, List<String>> merges)
            throws MalformedListException {
        Map<String, List<String>> folders = new HashMap<>();
        Map<String, List<RecoveryCheckpoint>> checkpoints = new HashMap<>();
        for (String[] row : settings) {
            String machine = key(row[1]);
            List<String> own = List.of(row[5], row[6]);
            // WMI compares texts without their case.
            if (row[2].equalsIgnoreCase(MACHINE)) {
                folders.put(machine, own);
            } else if (row[2].equalsIgnoreCase(RECOVERY)) {
                add(
                        checkpoints,
                        machine,
                        new RecoveryCheckpoint(row[0], row[3], time(row[4]), paths(own, disks, owner(row[0]))));
            } else {
                throw new MalformedListException("\"" + ScriptText.shown(row[2]) + "\" was not asked for");
            }
        }
        Map<String, VirtualMachine> machines = new LinkedHashMap<>();
        for (String[] row : systems) {
            String id = key(row[0]);
            if (isGuid(row[0])) {
                machines.put(
                        id,
                        new VirtualMachine(
                                row[0],
                                row[1],
                                numbers(row[2]),
                                mergeState(merges.getOrDefault(id, List.of())),
                                paths(folders.getOrDefault(id, List.of()), disks, id),
                                checkpoints.getOrDefault(id, List.of())));
            }
        }
        return List.copyOf(machines.values());
    }

    private static List<String> paths(List<String> folders, Map<String, List<String>> disks, String owner) {
        Set<String> paths = new LinkedHashSet<>(folders);
        paths.addAll(disks.getOrDefault(owner, List.of()));
        paths.remove("");
        return List.copyOf(paths);
    }

    private static List<Integer> numbers(String text) throws MalformedListException {
        List<Integer> numbers = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String each : text.split(" ", -1)) {
                Integer number = number(each);
                if (number != null) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    /** Of a machine with more than one setting for merging: one that is not "enabled", if there is one. Null if it is unknown. */
    private static @Nullable Integer mergeState(List<String> states) throws MalformedListException {
        Integer state = null;
        for (String each : states) {
            Integer next = each.isEmpty() ? null : number(each);
            if (next != null && (state == null || !VirtualMachine.isMergeOff(state))) {
                state = next;
            }
        }
        return state;
    }

    /** Null if it is greater than any number of a state can be. */
    private static @Nullable Integer number(String text) throws MalformedListException {
        if (!NUMBER.matcher(text).matches()) {
            throw new MalformedListException("\"" + ScriptText.shown(text) + "\" is not a number of a state");
        }
        long number = Long.parseLong(text);
        return number == (int) number ? Integer.valueOf((int) number) : null;
    }

    /** Null if there is none, also where CIM has asterisks or zeros for what is unknown: one checkpoint must not cost the list. */
    private static @Nullable Instant time(String value) {
        try {
            Instant time = value.isEmpty() ? NO_TIME : ScriptText.time(value);
            return time.equals(NO_TIME) ? null : time;
        } catch (MalformedListException e) {
            return null;
        }
    }
}
