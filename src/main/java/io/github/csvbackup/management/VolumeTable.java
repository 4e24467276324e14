package io.github.csvbackup.management;

import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.DisksByReason;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The volumes as lines of text with aligned columns, like the default table of the PowerShell module, for consoles in which composites are hardly
 * legible.
 *
 * @param support whether the cluster reports the state
 * @param times for local time
 * @param now for ages
 */
record VolumeTable(BackupStateSupport support, Times times, Instant now) {
    private static final List<String> HEADER =
            List.of("Volume", "Verdict", "State", "Age", "Stale", "Since", "OwnerNode", "Node");

    /** A header, a line for each volume, and a line for each thing that the volumes do not show. */
    List<String> lines(Snapshot snapshot, List<VolumeView> volumes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        volumes.forEach(volume -> rows.add(row(volume, snapshot.localNode())));
        List<String> lines = new ArrayList<>(aligned(rows));
        if (support == BackupStateSupport.SIMULATED) {
            lines.add("SIMULATED: this is not a real cluster.");
        }
        Problem problem = snapshot.pollError();
        if (problem != null) {
            lines.add("The last poll failed: " + problem.message() + ". " + problem.remedy());
        } else if (snapshot.lastPoll() == null) {
            lines.add("The cluster has not been read yet.");
        }
        if (!snapshot.unreadable().isEmpty()) {
            lines.add("Shared disks that cannot be read: "
                    + snapshot.unreadable().size() + ". " + DisksByReason.text(snapshot.unreadable()));
        }
        return lines;
    }

    private List<String> row(VolumeView volume, String node) {
        boolean isSet = volume.since() != null;
        Instant since = Instant.ofEpochMilli(volume.sinceEpochMillis());
        return List.of(
                OutsideText.printable(volume.volume()),
                volume.verdict(),
                state(volume),
                isSet ? age(Duration.between(since, now)) : "",
                volume.stale() ? "True" : "False",
                isSet ? times.time(since) : "",
                OutsideText.printable(volume.ownerNode()),
                OutsideText.printable(node));
    }

    private String state(VolumeView volume) {
        if (volume.problem() != null) {
            return volume.backupState() + " (not read now)";
        }
        return volume.backupState().equals("NONE") && support == BackupStateSupport.UNVERIFIED
                ? "NONE (may never be reported)"
                : volume.backupState();
    }

    private static String age(Duration age) {
        return age.toDays() > 0 ? age.toDays() + " d " + age.toHoursPart() + " h" : Times.duration(age);
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[HEADER.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 1));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
