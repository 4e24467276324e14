package io.github.csvbackup.cluster;

/**
 * One Cluster Shared Volume as it was read. A disk may hold several, with different states.
 *
 * @param resourceId id of the disk resource
 * @param resourceName name of the disk resource, such as {@code Cluster Disk 1}
 * @param ownerNode name of the node that coordinates the volume
 * @param resourceState state of the disk resource
 * @param friendlyPath {@code C:\ClusterStorage\Volume1}, without a trailing backslash
 * @param guidName {@code \\?\Volume{...}\}, with its trailing backslash
 */
public record Volume(
        String resourceId,
        String resourceName,
        String ownerNode,
        ResourceState resourceState,
        String friendlyPath,
        String guidName,
        FaultState faultState,
        BackupState backupState) {

    /** The same volume, of another owner. */
    public Volume ownedBy(String node) {
        return new Volume(
                resourceId, resourceName, node, resourceState, friendlyPath, guidName, faultState, backupState);
    }

    public VolumeKey key() {
        return new VolumeKey(resourceId, guidName);
    }
}
