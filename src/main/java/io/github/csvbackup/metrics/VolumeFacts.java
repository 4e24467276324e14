package io.github.csvbackup.metrics;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the series about volumes are made from, so that equal facts have equal series: no times of reads, except of Hyper-V, which is read
 * rarely. Immutable.
 *
 * @param localNode the agent's node
 * @param down the nodes that are Down
 * @param volumes those that have series
 * @param listed GUID names of all volumes that the cluster lists, also of those without series
 * @param io how the nodes access the volumes; null if that is not known
 * @param ended how long ended states lasted
 * @param clears the counters of clears
 * @param abandoned how often an abandoned state was seen, by the volume's name
 * @param unreadable volumes whose state is not known, and disks whose volumes are not known
 * @param unknown those disks alone
 * @param leftovers what failed backups left behind
 */
record VolumeFacts(
        String localNode,
        Set<String> down,
        List<NamedVolume> volumes,
        List<String> listed,
        @Nullable List<VolumeIoState> io,
        DurationHistogram ended,
        ClearCounts clears,
        Map<String, Long> abandoned,
        long unreadable,
        long unknown,
        Leftovers leftovers) {

    /** What is known at this time: an old answer counts as none. */
    static VolumeFacts of(
            Snapshot snapshot,
            Guard guard,
            ClearCounts clears,
            Map<String, Long> abandoned,
            Leftovers leftovers,
            WatchSettings settings,
            Instant now) {
        boolean fresh = snapshot.isFresh(now, settings);
        Instant lastSuccess = snapshot.lastSuccess();
        boolean recent = lastSuccess != null && settings.isRecent(lastSuccess, now, settings.freshFor());
        List<WatchedVolume> unread = snapshot.volumes().stream()
                .filter(watched -> !fresh || !watched.isFresh(now, settings))
                .toList();
        long unknown = disksOfUnknownVolumes(snapshot);
        return new VolumeFacts(
                snapshot.localNode(),
                snapshot.nodes().stream()
                        .filter(node -> node.state().isDown())
                        .map(Node::name)
                        .collect(Collectors.toSet()),
                NamedVolume.of(
                        snapshot,
                        watched -> fresh && watched.isFresh(now, settings) ? guard.verdict(snapshot, watched) : null),
                snapshot.volumes().stream()
                        .map(watched -> watched.volume().guidName())
                        .toList(),
                recent ? states(snapshot.io(), settings, now) : null,
                snapshot.ended(),
                clears,
                abandoned,
                unread.size() + unknown,
                unknown,
                leftovers);
    }

    /** Null if not known. The disks that did not answer have no series, but their number of seconds would change the facts at each poll. */
    private static @Nullable List<VolumeIoState> states(
            @Nullable NodeAnswer<IoReading> io, WatchSettings settings, Instant now) {
        return io == null || io.value() == null || !settings.isRecent(io.at(), now, settings.freshForOthers())
                ? null
                : io.value().states();
    }

    private static long disksOfUnknownVolumes(Snapshot snapshot) {
        if (snapshot.unreadable().isEmpty()) {
            return 0;
        }
        Set<String> known = new HashSet<>();
        snapshot.volumes().forEach(watched -> {
            known.add(watched.volume().resourceId());
            known.add(watched.volume().resourceName());
        });
        return snapshot.unreadable().stream()
                .filter(disk -> !known.contains(disk.resource()) && !known.contains(disk.resourceName()))
                .map(UnreadableDisk::resourceName)
                .distinct()
                .count();
    }

    /** The volumes whose state is known. */
    List<NamedVolume> seen() {
        return volumes.stream().filter(NamedVolume::isSeen).toList();
    }
}
