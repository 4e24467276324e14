package io.github.csvbackup.http.page;

import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The volumes, sorted for a reader.
 *
 * @param set those with a backup state, the most urgent first
 * @param idle those without a state
 * @param unread those whose state was not read lately, and that had none before
 */
record Overview(List<VolumeReport> set, List<WatchedVolume> idle, List<WatchedVolume> unread) {

    static Overview of(Reading reading, Guard guard) {
        List<VolumeReport> set = new ArrayList<>();
        List<WatchedVolume> idle = new ArrayList<>();
        List<WatchedVolume> unread = new ArrayList<>();
        for (WatchedVolume watched : reading.snapshot().volumes()) {
            if (!watched.volume().backupState().isNone()) {
                set.add(new VolumeReport(watched, guard.assess(reading.snapshot(), watched, reading.now())));
            } else {
                (isIdle(reading, guard, watched) ? idle : unread).add(watched);
            }
        }
        set.sort(VolumeReport.BY_URGENCY);
        return new Overview(set, idle, unread);
    }

    /** While the cluster cannot be read, the last state counts: the page begins with that failure. */
    private static boolean isIdle(Reading reading, Guard guard, WatchedVolume watched) {
        return !reading.fresh() || guard.verdict(reading.snapshot(), watched) == Verdict.IDLE;
    }

    /** The volumes of that urgency. */
    List<VolumeReport> set(VolumeReport.Urgency urgency) {
        return set.stream().filter(report -> report.urgency() == urgency).toList();
    }

    int volumes() {
        return set.size() + idle.size() + unread.size();
    }

    /** Such as {@code 2 stale, 1 backup running, 7 idle}; empty if there are no volumes. */
    String counts() {
        Map<VolumeReport.Urgency, Long> counts =
                set.stream().collect(Collectors.groupingBy(VolumeReport::urgency, Collectors.counting()));
        long stale = counts.getOrDefault(VolumeReport.Urgency.CLEARABLE, 0L)
                + counts.getOrDefault(VolumeReport.Urgency.STUCK, 0L);
        long running = counts.getOrDefault(VolumeReport.Urgency.RUNNING, 0L);
        StringJoiner text = new StringJoiner(", ");
        add(text, stale, " stale");
        add(text, unread.size(), " not readable");
        add(text, counts.getOrDefault(VolumeReport.Urgency.WAITING, 0L), " in progress");
        add(text, running, running == 1 ? " backup running" : " backups running");
        add(text, idle.size(), " idle");
        return text.toString();
    }

    private static void add(StringJoiner text, long count, String what) {
        if (count > 0) {
            text.add(count + what);
        }
    }
}
