package io.github.csvbackup.cluster;

import java.util.List;

/**
 * What one look at the cluster gave.
 *
 * @param clusterName name of the cluster
 * @param localNode name of the node that looked
 * @param nodes every node of the cluster, whatever its state
 * @param volumes every volume that could be read
 * @param unreadable the shared disks that could not
 */
public record ClusterReading(
        String clusterName, String localNode, List<Node> nodes, List<Volume> volumes, List<UnreadableDisk> unreadable) {
    public ClusterReading {
        nodes = List.copyOf(nodes);
        volumes = List.copyOf(volumes);
        unreadable = List.copyOf(unreadable);
    }
}
