package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ShadowCopies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows about backups on one node.
 *
 * @param node the node's name
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies (swprv)
 * @param shadowCopies the last list of shadow copies; null if the node was not asked
 * @param shadowCopiesProcess the VSS service's process before the query for that list; null if unknown
 * @param ownStart why the VSS service runs, if this agent started it; null if it is stopped, or runs for another or an unknown reason
 * @param machineBackups the virtual machines that said that they are being backed up, as the node's agent told; empty for this agent's own node
 */
public record NodeWatch(
        String node,
        ServiceWatch vss,
        ServiceWatch softwareProvider,
        @Nullable NodeAnswer<ShadowCopies> shadowCopies,
        @Nullable Long shadowCopiesProcess,
        @Nullable OwnStart ownStart,
        List<MachineBackup> machineBackups) {
    public NodeWatch {
        machineBackups = List.copyOf(machineBackups);
    }

    /** A node that has not been checked. */
    public static NodeWatch unseen(String node) {
        return new NodeWatch(node, ServiceWatch.UNSEEN, ServiceWatch.UNSEEN, null, null, null, List.of());
    }
}
