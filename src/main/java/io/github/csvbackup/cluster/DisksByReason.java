package io.github.csvbackup.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Shared disks that cannot be read for the same reason: hundreds of them usually have one cause.
 *
 * @param names the names of their resources
 * @param reason the failure and the remedy, for users
 */
public record DisksByReason(List<String> names, String reason) {
    private static final int MOST_NAMES = 5;
    private static final int MOST_REASONS = 5;
    /** Disks that hang do so for different times. */
    private static final Pattern SECONDS = Pattern.compile("\\d+ s\\b");

    public DisksByReason {
        names = List.copyOf(names);
    }

    /** Groups the disks by reason, in their order. */
    public static List<DisksByReason> of(List<UnreadableDisk> disks) {
        Map<String, String> firsts = new HashMap<>();
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        for (UnreadableDisk disk : disks) {
            String reason = disk.problem().getMessage() + ". " + disk.problem().remedy();
            String name = disk.resourceName();
            String common = name.isEmpty() ? reason : reason.replace(name, "the disk");
            String first = firsts.computeIfAbsent(SECONDS.matcher(common).replaceAll("s"), key -> common);
            byReason.computeIfAbsent(first, key -> new ArrayList<>()).add(name);
        }
        List<DisksByReason> groups = new ArrayList<>();
        byReason.forEach((reason, names) -> groups.add(new DisksByReason(names, reason)));
        return groups;
    }

    /** All disks in a text of bounded length: each reason with the first disks, and how many there are. */
    public static String text(List<UnreadableDisk> disks) {
        List<DisksByReason> groups = of(disks);
        int further = groups.size() - MOST_REASONS;
        return groups.stream().limit(MOST_REASONS).map(DisksByReason::toString).collect(Collectors.joining(" "))
                + (further > 0 ? " There are " + further + " more reasons." : "");
    }

    /** {@code Cluster Disk 1, Cluster Disk 2: the failure. The remedy.} With many disks: the first ones and the number of all. */
    @Override
    public String toString() {
        String named = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return named + (names.size() > MOST_NAMES ? ", ... (" + names.size() + " disks)" : "") + ": " + reason;
    }
}
