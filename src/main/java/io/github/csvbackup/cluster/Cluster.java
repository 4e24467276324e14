package io.github.csvbackup.cluster;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The port to a failover cluster. A method may block for as long as the cluster does, which is minutes during a failover: callers use
 * {@link BoundedCalls}. Implementations are thread-safe.
 */
public interface Cluster extends AutoCloseable {
    /** The Volume Shadow Copy service's name. */
    String VSS = "VSS";

    /** The name of the service of Microsoft's software provider for shadow copies. */
    String SOFTWARE_PROVIDER = "swprv";

    Backend backend();

    /**
     * True if no method ever blocks, so that calls do not need their own threads. A cluster in memory may return true, unless it can be made to
     * hang.
     */
    default boolean neverBlocks() {
        return false;
    }

    /** Whether this cluster reports the backup state; callable before the first {@link #overview()}. */
    BackupStateSupport backupStateSupport();

    /**
     * The offset of this node's local time, as it was at the last {@link #overview()}; UTC if it is not known. Does not block. It comes from the
     * system, because a JVM that is asked for its time zone sets the system property {@code user.timezone}, which belongs to the host.
     */
    default ZoneOffset localOffset() {
        return ZoneOffset.UTC;
    }

    /**
     * Checks what this machine and this account give the agent: the system, its functions, and rights on the cluster. Changes nothing, and starts
     * no service. Blocks for a few deadlines at most. If a finding failed, the cluster cannot be read.
     *
     * @param deadline how long one call may take
     */
    default List<Finding> machine(Duration deadline) {
        return List.of();
    }

    /**
     * Reads the nodes and the names of the shared disks. A node that cannot be read carries its failure.
     *
     * @throws ClusterException if the cluster or one of its lists cannot be read
     */
    ClusterOverview overview() throws ClusterException;

    /**
     * Reads the owner and the state of one shared disk. Asks only the Cluster service of this node, and no resource host.
     *
     * @param disk name or id of the disk's resource
     * @throws ClusterException if it cannot be read; 5007 if the cluster does not know the disk
     */
    SharedDisk disk(String disk) throws ClusterException;

    /**
     * Reads the volumes on one shared disk. The resource host of the disk's owner answers, so ask no more often than needed.
     *
     * @param disk name or id of the disk's resource
     * @throws ClusterException if they cannot be read, such as when the disk is not Online; 5007 if the cluster does not know the disk
     */
    List<Volume> volumes(String disk) throws ClusterException;

    /**
     * Asks a node's service control manager. Changes nothing.
     *
     * @throws ClusterException if the node cannot be asked, which proves nothing
     */
    ServiceStatus service(String node, String service) throws ClusterException;

    /**
     * Lists the shadow copies of all volumes that a node knows, and whether its VSS service ran right before. <strong>Asking starts that service
     * and keeps it running for minutes.</strong>
     *
     * @throws ClusterException if the node cannot be asked, which proves nothing
     */
    ShadowCopies shadowCopies(String node) throws ClusterException;

    /**
     * Reads how each node reaches the volumes on one shared disk. Changes nothing, but needs more than read access to the cluster.
     *
     * @param disk name of the disk's resource
     * @throws ClusterException if it cannot be read
     */
    List<VolumeIoState> ioStates(String disk) throws ClusterException;

    /**
     * Asks this node's Hyper-V for its virtual machines, with their recovery checkpoints. Changes nothing, and does not start VSS. Ends by itself
     * after two minutes, which a node with a thousand machines may need.
     *
     * @return empty if the node has no Hyper-V, or one that is older than Windows Server 2012
     * @throws ClusterException if Hyper-V does not answer, which proves nothing
     */
    default Optional<List<VirtualMachine>> virtualMachines() throws ClusterException {
        return Optional.empty();
    }

    /**
     * Counts the {@code .avhdx} files below folders of one volume. Follows no link. A hung volume hangs this call.
     *
     * @param folders as Hyper-V spells them; one may lie below another, and no file counts twice
     * @throws ClusterException if none can be read
     */
    default DifferencingDisks differencingDisks(List<String> folders) throws ClusterException {
        return new DifferencingDisks(0, 0, true);
    }

    /**
     * Calls ClusterClearBackupStateForSharedVolume. It clears the state without regard to running backups on any node. A normal return proves
     * nothing: read the state again.
     *
     * @param root the function's argument: a name of the volume's root that no other volume has, with a trailing backslash
     * @throws ClusterException with the function's return value
     */
    void clear(Volume volume, String root) throws ClusterException;

    /** Releases everything native; blocks no longer than a call in progress. */
    @Override
    void close();
}
