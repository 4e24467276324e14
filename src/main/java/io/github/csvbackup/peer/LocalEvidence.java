package io.github.csvbackup.peer;

import io.github.csvbackup.watch.PeerEvidence;
import java.util.List;

/**
 * An agent's answer to the question what it sees on its own node.
 *
 * @param question the random id of the question, as it was asked
 * @param cluster the name of the cluster, for people: another cluster can have the same
 * @param sharedDisks the ids of the cluster's shared disks, in lower case and sorted, by the agent's last poll
 * @param node the node that the agent runs on
 * @param version the version of the agent
 * @param simulated the agent's cluster is simulated
 */
public record LocalEvidence(
        String question,
        String cluster,
        List<String> sharedDisks,
        String node,
        String version,
        boolean simulated,
        PeerEvidence evidence) {
    public LocalEvidence {
        sharedDisks = List.copyOf(sharedDisks);
    }
}
