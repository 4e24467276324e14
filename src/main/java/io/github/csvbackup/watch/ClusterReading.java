package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.util.List;

/**
 * What one poll read of the cluster.
 *
 * @param clusterName name of the cluster
 * @param localNode name of the node that read it
 * @param nodes every node of the cluster, whatever its state
 * @param volumes every volume that could be read
 * @param unreadable the shared disks that could not be read
 */
record ClusterReading(
        String clusterName,
        String localNode,
        List<Node> nodes,
        List<ReadVolume> volumes,
        List<UnreadableDisk> unreadable) {
    ClusterReading {
        nodes = List.copyOf(nodes);
        volumes = List.copyOf(volumes);
        unreadable = List.copyOf(unreadable);
    }

    /** A volume, and when its disk answered. */
    record ReadVolume(Volume volume, Moment at) {}
}
