package io.github.csvbackup.http.page;

import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The shared disks and volumes that were not read, grouped by the reason. */
record UnreadableDisks(Reading reading) {
    /** Disks that hang do so for different times. */
    private static final Pattern SECONDS = Pattern.compile("\\d+ s\\b");

    /**
     * Some with the same reason.
     *
     * @param reason that of the first
     */
    private record Group(String reason, List<NameList.Name> names) {}

    void write(Html html, List<WatchedVolume> unread) {
        List<UnreadableDisk> disks = reading.snapshot().unreadable();
        Map<String, List<String>> volumes = new HashMap<>();
        unread.forEach(watched -> volumes.computeIfAbsent(watched.volume().resourceName(), disk -> new ArrayList<>())
                .add(reading.name(watched.volume())));
        if (!disks.isEmpty()) {
            html.markup("<section><h2>Shared disks that cannot be read</h2>")
                    .markup("<p>Volumes on them may be missing on this page.</p>");
            Map<String, Group> groups = new LinkedHashMap<>();
            for (UnreadableDisk disk : disks) {
                List<String> known = volumes.remove(disk.resourceName());
                String note = known == null ? "" : " (" + String.join(", ", known) + ")";
                add(groups, Problem.of(disk.problem()), disk.resourceName(), disk.resourceName(), note);
            }
            groups.values().forEach(group -> write(html, group));
            html.markup("</section>");
        }
        List<WatchedVolume> others = unread.stream()
                .filter(watched -> volumes.containsKey(watched.volume().resourceName()))
                .toList();
        if (!others.isEmpty()) {
            html.markup("<section><h2>Volumes that were not read</h2>")
                    .markup("<p>They had no backup state when they were last read.</p>");
            groups(others).forEach(group -> write(html, group));
            html.markup("</section>");
        }
    }

    private Iterable<Group> groups(List<WatchedVolume> unread) {
        Map<String, Group> groups = new LinkedHashMap<>();
        for (WatchedVolume watched : unread) {
            Problem problem = watched.problem();
            add(
                    groups,
                    problem == null ? new Problem("the last answer is old", "Wait for the next poll.") : problem,
                    watched.volume().resourceName(),
                    reading.name(watched.volume()),
                    "");
        }
        return groups.values();
    }

    private static void add(Map<String, Group> groups, Problem problem, String disk, String name, String note) {
        String message = disk.isEmpty() ? problem.message() : problem.message().replace(disk, "the disk");
        String reason = message + ". " + problem.remedy();
        groups.computeIfAbsent(SECONDS.matcher(reason).replaceAll("s"), key -> new Group(reason, new ArrayList<>()))
                .names()
                .add(new NameList.Name(name, note));
    }

    private static void write(Html html, Group group) {
        html.markup("<div class=\"group\"><p>").text(group.reason()).markup("</p>");
        NameList.write(html, group.names());
        html.markup("</div>");
    }
}
