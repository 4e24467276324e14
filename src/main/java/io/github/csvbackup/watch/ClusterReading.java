package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one poll read of the cluster.
 *
 * @param clusterName name of the cluster
 * @param localNode name of the node that read it
 * @param nodes every node of the cluster, whatever its state
 * @param disks every shared disk, in the cluster's order
 * @param volumes every volume that was read now
 * @param asked the names of the disks whose volumes were read now, or could not be
 * @param unreadable those of them that could not be read
 */
record ClusterReading(
        String clusterName,
        String localNode,
        List<Node> nodes,
        List<ListedDisk> disks,
        List<ReadVolume> volumes,
        Set<String> asked,
        List<UnreadableDisk> unreadable) {
    ClusterReading {
        nodes = List.copyOf(nodes);
        disks = List.copyOf(disks);
        volumes = List.copyOf(volumes);
        asked = Set.copyOf(asked);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * A shared disk.
     *
     * @param name the name of its resource
     * @param state null if it could not be read
     * @param fast true if this poll reads its volumes
     */
    record ListedDisk(String name, @Nullable SharedDisk state, boolean fast) {}

    /**
     * A volume.
     *
     * @param asked when its disk was asked
     * @param at when its disk answered
     */
    record ReadVolume(Volume volume, Instant asked, Moment at) {}
}
