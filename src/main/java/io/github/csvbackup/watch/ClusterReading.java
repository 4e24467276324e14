package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one poll read of the cluster.
 *
 * @param clusterName name of the cluster
 * @param localNode name of the node that read it
 * @param nodes every node of the cluster, whatever its state
 * @param disks every shared disk, in the cluster's order
 */
record ClusterReading(String clusterName, String localNode, List<Node> nodes, List<ListedDisk> disks) {
    ClusterReading {
        nodes = List.copyOf(nodes);
        disks = List.copyOf(disks);
    }

    /**
     * A shared disk.
     *
     * @param name the name of its resource
     * @param state null if it could not be read
     * @param answer its volumes, or why they could not be read; null if they were not due
     */
    record ListedDisk(
            String name,
            @Nullable SharedDisk state,
            @Nullable DiskAnswer<Volume> answer) {}
}
