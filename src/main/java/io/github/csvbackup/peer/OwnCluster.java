package io.github.csvbackup.peer;

import java.util.List;

/**
 * What this agent knows of its own cluster, by its last poll.
 *
 * @param node the node that this agent runs on; empty before the first poll
 * @param nodes all nodes
 * @param sharedDisks the ids of the shared disks, in lower case and sorted
 * @param knowsAllDisks false while an id is unknown
 */
public record OwnCluster(
        String node, List<String> nodes, boolean simulated, List<String> sharedDisks, boolean knowsAllDisks) {
    public OwnCluster {
        nodes = List.copyOf(nodes);
        sharedDisks = List.copyOf(sharedDisks);
    }
}
