package io.github.csvbackup.cluster;

import java.util.List;

/**
 * The port to a failover cluster. Every method may block for as long as the cluster does, minutes during a failover: callers
 * go through {@link BoundedCalls}. Implementations are safe for use by several threads.
 */
public interface Cluster extends AutoCloseable {
    /** The Volume Shadow Copy service's name. */
    String VSS = "VSS";

    /** The name of the service of Microsoft's software provider for shadow copies. */
    String SOFTWARE_PROVIDER = "swprv";

    Backend backend();

    /**
     * True if no method ever blocks, so that calls need no thread of their own. A cluster in memory may say so; one that can be made to
     * hang does not.
     */
    default boolean neverBlocks() {
        return false;
    }

    /** What is known about the backup state on this cluster; callable before the first {@link #overview()}. */
    BackupStateSupport backupStateSupport();

    /**
     * Reads the nodes, and which shared disks there are. A node that cannot be read says so in the answer.
     *
     * @throws ClusterException if the cluster or one of its lists cannot be read
     */
    ClusterOverview overview() throws ClusterException;

    /**
     * Reads the volumes on one shared disk.
     *
     * @param disk name or id of the disk's resource
     * @throws ClusterException if they cannot be read, as when the disk is not Online; 5007 if the cluster does not know the disk
     */
    List<Volume> volumes(String disk) throws ClusterException;

    /**
     * Asks a node's service control manager. Changes nothing.
     *
     * @throws ClusterException if the node cannot be asked: that is no evidence of anything
     */
    ServiceStatus service(String node, String service) throws ClusterException;

    /**
     * Lists the shadow copies that a node knows, of all volumes, and says whether its VSS service ran right before. <strong>Asking starts
     * that service and keeps it up for minutes.</strong>
     *
     * @throws ClusterException if the node cannot be asked: that is no evidence of anything
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
     * Calls ClusterClearBackupStateForSharedVolume. It clears the state without regard to running backups, on all nodes; a normal return
     * proves nothing: read the state again.
     *
     * @param root what the function gets: a name of the volume's root that means no other volume, with a trailing backslash
     * @throws ClusterException with the function's return value
     */
    void clear(Volume volume, String root) throws ClusterException;

    /** Lets go of everything native; blocks no longer than a call in flight. */
    @Override
    void close();
}
