package io.github.csvbackup.cluster;

/**
 * A shared disk as the Cluster service of this node knows it, without its volumes.
 *
 * @param id id of the disk's resource, which stays when it is renamed
 * @param name name of the disk's resource, such as {@code Cluster Disk 1}
 * @param owner name of the node that owns the resource
 */
public record SharedDisk(String id, String name, String owner, ResourceState state) {
    /**
     * Nothing if the disk is Online.
     *
     * @throws ClusterException if it is not, so that its volumes cannot be read
     */
    public void requireOnline() throws ClusterException {
        if (!state.isOnline()) {
            throw ClusterException.unavailable(
                    name + " is " + state + ", not ONLINE, so its volumes cannot be read",
                    "Bring the disk online; leaving the Online state also ends the backup state.");
        }
    }
}
