package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.state.StateLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the watch remembers of its volumes over a restart: since when their states are set, and its counters. Never for how long they were
 * observed without a gap, since a restart is one.
 */
final class WatchStateLines {
    private static final String KIND = "volume";
    private static final Problem NOT_YET = new Problem(
            "the volume has not been read since the agent started",
            "Wait for a successful poll; its last error says what is wrong.");

    private WatchStateLines() {}

    static List<StateLine> write(Snapshot snapshot) {
        return snapshot.volumes().stream().map(WatchStateLines::line).toList();
    }

    private static StateLine line(WatchedVolume watched) {
        Volume volume = watched.volume();
        return StateLine.of(
                KIND,
                volume.resourceId(),
                volume.resourceName(),
                volume.ownerNode(),
                volume.resourceState().code(),
                volume.friendlyPath(),
                volume.guidName(),
                volume.faultState().code(),
                volume.backupState().code(),
                watched.lastRead(),
                watched.lastNone(),
                watched.since(),
                watched.stale(),
                watched.staleTotal(),
                watched.ended().counts().stream().map(String::valueOf).collect(Collectors.joining(",")),
                watched.ended().sumSeconds());
    }

    /**
     * The volumes as they were known; unread, and not observed.
     *
     * @throws IllegalArgumentException if a line is not as it was written
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

    private static WatchedVolume volume(StateLine line) {
        List<Long> counts =
                Arrays.stream(line.text(13).split(",", -1)).map(Long::valueOf).toList();
        if (counts.size() != DurationHistogram.EMPTY.counts().size()) {
            throw new IllegalArgumentException("a histogram of " + counts.size() + " counts");
        }
        return new WatchedVolume(
                new Volume(
                        line.text(0),
                        line.text(1),
                        line.text(2),
                        new ResourceState((int) line.number(3)),
                        line.text(4),
                        line.text(5),
                        new FaultState((int) line.number(6)),
                        new BackupState((int) line.number(7))),
                NOT_YET,
                new Moment(line.requiredTime(8), null),
                line.time(9),
                line.time(10),
                null,
                line.text(11).equals("true"),
                line.number(12),
                new DurationHistogram(counts, Double.parseDouble(line.text(14))));
    }
}
