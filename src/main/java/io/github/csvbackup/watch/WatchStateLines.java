package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.state.StateLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the watch keeps of its volumes across a restart: since when their states are set, and its counters. Not how long they were observed
 * without a gap, because a restart is a gap.
 */
final class WatchStateLines {
    private static final String KIND = "volume";
    private static final String DURATIONS = "durations";
    private static final Problem NOT_YET = new Problem(
            "the volume has not been read since the agent started",
            "Wait for a successful poll; its last error says what is wrong.");

    private WatchStateLines() {}

    /** True if a restart would lose nothing but times of reads if it had the lines of the first snapshot and not of the second. */
    static boolean sayTheSame(Snapshot one, Snapshot other) {
        List<WatchedVolume> before = one.volumes();
        List<WatchedVolume> now = other.volumes();
        if (before.size() != now.size() || !one.ended().equals(other.ended())) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!sayTheSame(before.get(i), now.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sayTheSame(WatchedVolume one, WatchedVolume other) {
        return one.volume().equals(other.volume())
                && Objects.equals(one.since(), other.since())
                && (one.lastNone() == null) == (other.lastNone() == null)
                && one.stale() == other.stale()
                && one.staleTotal() == other.staleTotal()
                && Objects.equals(one.lastDuration(), other.lastDuration());
    }

    static List<StateLine> write(Snapshot snapshot) {
        List<StateLine> lines = new ArrayList<>();
        lines.add(StateLine.of(DURATIONS)
                .with("counts", snapshot.ended().counts())
                .with("sumSeconds", snapshot.ended().sumSeconds()));
        snapshot.volumes().forEach(watched -> lines.add(line(watched)));
        return lines;
    }

    private static StateLine line(WatchedVolume watched) {
        Volume volume = watched.volume();
        return StateLine.of(KIND)
                .with("resourceId", volume.resourceId())
                .with("resourceName", volume.resourceName())
                .with("ownerNode", volume.ownerNode())
                .with("resourceState", volume.resourceState().code())
                .with("friendlyPath", volume.friendlyPath())
                .with("guidName", volume.guidName())
                .with("faultState", volume.faultState().code())
                .with("backupState", volume.backupState().code())
                .with("lastRead", watched.lastRead())
                .with("lastNone", watched.lastNone())
                .with("since", watched.since())
                .with("stale", watched.stale())
                .with("staleTotal", watched.staleTotal())
                .with("lastDuration", watched.lastDuration());
    }

    /**
     * The volumes as last known; unread and not observed.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    static List<WatchedVolume> read(List<StateLine> lines) {
        List<WatchedVolume> volumes = new ArrayList<>();
        for (StateLine line : lines) {
            if (line.kind().equals(KIND)) {
                volumes.add(volume(line));
            }
        }
        return volumes;
    }

    /**
     * How long ended states lasted, over all volumes.
     *
     * @throws IllegalArgumentException if the line does not have the expected form
     */
    static DurationHistogram readDurations(List<StateLine> lines) {
        DurationHistogram durations = DurationHistogram.EMPTY;
        for (StateLine line : lines) {
            if (line.kind().equals(DURATIONS)) {
                List<Long> counts = line.counts("counts");
                if (counts.size() != DurationHistogram.EMPTY.counts().size()) {
                    throw new IllegalArgumentException("a histogram of " + counts.size() + " counts");
                }
                durations = new DurationHistogram(counts, line.sum("sumSeconds"));
            }
        }
        return durations;
    }

    private static WatchedVolume volume(StateLine line) {
        return new WatchedVolume(
                new Volume(
                        line.text("resourceId"),
                        line.text("resourceName"),
                        line.text("ownerNode"),
                        new ResourceState(line.code("resourceState")),
                        line.text("friendlyPath"),
                        line.text("guidName"),
                        new FaultState(line.code("faultState")),
                        new BackupState(line.code("backupState"))),
                NOT_YET,
                new Moment(line.requiredTime("lastRead"), null),
                line.time("lastNone"),
                line.time("since"),
                null,
                line.flag("stale"),
                line.count("staleTotal"),
                line.duration("lastDuration"),
                true);
    }
}
