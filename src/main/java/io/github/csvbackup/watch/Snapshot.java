package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.VolumeNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the watcher knows. Immutable; each poll replaces it.
 *
 * @param startTime when the watcher started
 * @param lastPoll when the last poll ended, successful or not; null before the first
 * @param lastRead when the cluster was last read; null before the first time
 * @param lastPollDuration how long the last poll took; zero before the first
 * @param pollError why the last poll failed; null if it did not
 * @param polls number of polls, including failed ones
 * @param pollFailures number of failed polls
 * @param clusterName empty before the first successful poll
 * @param localNode the node that this agent runs on; empty before the first successful poll
 * @param nodes the cluster's nodes
 * @param downSince since when a node was Down at every poll without a gap, by the node's name; only nodes that are Down
 * @param volumes the cluster's volumes, in the cluster's order
 * @param disks the ids of the shared disks that the last successful poll listed, also those without a volume; empty for a disk whose id is
 *     unknown because it was never read
 * @param unreadable the shared disks that the last successful poll could not read, including those with unknown volumes
 * @param nodeWatches by the node's name; empty while no volume's state is set and the services are not needed otherwise
 * @param io how the nodes reach the volumes, or why that is unknown; null before the first check
 * @param ended how long ended states lasted, over all volumes, also those that are gone
 * @param machineBackups what virtual machines of this agent's own node said about backups; null before its Hyper-V was asked. For other
 *     nodes see {@code nodeWatches}
 * @param plannedLists when this agent will list the shadow copies of nodes, which starts their VSS service; in order
 */
public record Snapshot(
        Instant startTime,
        @Nullable Instant lastPoll,
        @Nullable Moment lastRead,
        Duration lastPollDuration,
        @Nullable Problem pollError,
        long polls,
        long pollFailures,
        String clusterName,
        String localNode,
        List<Node> nodes,
        Map<String, Instant> downSince,
        List<WatchedVolume> volumes,
        List<String> disks,
        List<UnreadableDisk> unreadable,
        Map<String, NodeWatch> nodeWatches,
        @Nullable NodeAnswer<IoReading> io,
        DurationHistogram ended,
        @Nullable MachineBackups machineBackups,
        List<Instant> plannedLists) {
    public Snapshot {
        nodes = List.copyOf(nodes);
        downSince = Map.copyOf(downSince);
        volumes = List.copyOf(volumes);
        disks = List.copyOf(disks);
        unreadable = List.copyOf(unreadable);
        nodeWatches = Map.copyOf(nodeWatches);
        plannedLists = List.copyOf(plannedLists);
    }

    /** One that knows nothing of virtual machines, and without planned lists. */
    public Snapshot(
            Instant startTime,
            @Nullable Instant lastPoll,
            @Nullable Moment lastRead,
            Duration lastPollDuration,
            @Nullable Problem pollError,
            long polls,
            long pollFailures,
            String clusterName,
            String localNode,
            List<Node> nodes,
            Map<String, Instant> downSince,
            List<WatchedVolume> volumes,
            List<String> disks,
            List<UnreadableDisk> unreadable,
            Map<String, NodeWatch> nodeWatches,
            @Nullable NodeAnswer<IoReading> io,
            DurationHistogram ended) {
        this(
                startTime,
                lastPoll,
                lastRead,
                lastPollDuration,
                pollError,
                polls,
                pollFailures,
                clusterName,
                localNode,
                nodes,
                downSince,
                volumes,
                disks,
                unreadable,
                nodeWatches,
                io,
                ended,
                null,
                List.of());
    }

    /** The same with what virtual machines say, and with the planned lists. */
    public Snapshot with(@Nullable MachineBackups backups, List<Instant> planned) {
        return new Snapshot(
                startTime,
                lastPoll,
                lastRead,
                lastPollDuration,
                pollError,
                polls,
                pollFailures,
                clusterName,
                localNode,
                nodes,
                downSince,
                volumes,
                disks,
                unreadable,
                nodeWatches,
                io,
                ended,
                backups,
                planned);
    }

    /** Before the first poll, with the volumes and durations that an earlier run knew. */
    static Snapshot initial(Instant startTime, List<WatchedVolume> remembered, DurationHistogram ended) {
        return new Snapshot(
                startTime,
                null,
                null,
                Duration.ZERO,
                null,
                0,
                0,
                "",
                "",
                List.of(),
                Map.of(),
                remembered,
                List.of(),
                List.of(),
                Map.of(),
                null,
                ended);
    }

    /** Before the first poll. */
    public static Snapshot initial(Instant startTime) {
        return initial(startTime, List.of(), DurationHistogram.EMPTY);
    }

    /** When the last poll succeeded, which is when it read the cluster; null before the first. */
    public @Nullable Instant lastSuccess() {
        return lastRead == null ? null : lastRead.at();
    }

    /** True if the last poll succeeded and is recent enough by the settings. A clock that was set back a little does not matter. */
    public boolean isFresh(Instant now, WatchSettings settings) {
        if (lastRead == null || pollError != null) {
            return false;
        }
        return settings.isRecent(lastRead.at(), now, settings.freshFor());
    }

    /** This node as the cluster lists it: Windows may write its name in another case. Empty if it is unknown. */
    public String ownNode() {
        return nodes.stream()
                .map(Node::name)
                .filter(localNode::equalsIgnoreCase)
                .findFirst()
                .orElse(localNode);
    }

    /** The virtual machines on a volume, of all nodes, that say that they are being backed up. */
    public List<MachineBackup> machineBackups(VolumeKey volume) {
        List<MachineBackup> ofVolume = new ArrayList<>();
        if (machineBackups != null) {
            addBackups(volume, machineBackups.running(), ofVolume);
        }
        for (Node node : nodes) {
            NodeWatch watch = nodeWatches.get(node.name());
            if (watch != null) {
                addBackups(volume, watch.machineBackups(), ofVolume);
            }
        }
        return ofVolume;
    }

    /** Nodes may spell the ids of their cluster in different case. */
    private static void addBackups(VolumeKey volume, List<MachineBackup> told, List<MachineBackup> ofVolume) {
        for (MachineBackup backup : told) {
            if (backup.volume().resourceId().equalsIgnoreCase(volume.resourceId())
                    && backup.volume().guidName().equalsIgnoreCase(volume.guidName())) {
                ofVolume.add(backup);
            }
        }
    }

    /** True if the cluster lists shared disks and the agent can read none; one that can be read may have no volume. */
    public boolean isBlind() {
        return !disks.isEmpty() && unreadable.size() >= disks.size();
    }

    /**
     * The known ids of the shared disks in lower case, sorted. If {@link #knowsAllDiskIds}, they are the same on all nodes of a cluster, and on no
     * other cluster.
     */
    public List<String> sharedDisks() {
        return disks.stream()
                .filter(id -> !id.isEmpty())
                .map(id -> id.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    /** False until the cluster was read, and while the id of a listed disk is unknown: it was not readable since the agent started. */
    public boolean knowsAllDiskIds() {
        return lastRead != null && !disks.contains("");
    }

    /** True if the version of every node was read and none supports isolation, in which a node that is Down may run a backup. */
    public boolean isOlderThan2016() {
        return nodes.stream().map(Node::version).allMatch(version -> version != null && version.isOlderThan2016());
    }

    /** The names of the volumes. */
    public VolumeNames names() {
        return VolumeNames.of(volumes.stream().map(WatchedVolume::volume).toList());
    }

    public Optional<WatchedVolume> volume(VolumeKey key) {
        return volumes.stream()
                .filter(volume -> volume.volume().key().equals(key))
                .findFirst();
    }
}
