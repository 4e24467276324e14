package io.github.csvbackup.cluster;

import java.util.List;

/**
 * The parts of a cluster.
 *
 * @param clusterName name of the cluster
 * @param localNode name of the node that read it
 * @param nodes every node of the cluster, whatever its state
 * @param disks names of the shared disks' resources, in the cluster's order
 */
public record ClusterOverview(String clusterName, String localNode, List<Node> nodes, List<String> disks) {
    public ClusterOverview {
        nodes = List.copyOf(nodes);
        disks = List.copyOf(disks);
    }
}
