package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;

/**
 * The volume to clear.
 *
 * @param name the volume's name
 * @param volume as read right before the call
 * @param root the function's argument
 * @param localNode the agent's own node
 */
record ClearTarget(String name, Volume volume, String root, String localNode) {
    static ClearTarget of(String name, Volume volume, Snapshot snapshot) {
        String root = VolumePath.nativeRoot(
                volume, snapshot.volumes().stream().map(WatchedVolume::volume).toList());
        return new ClearTarget(name, volume, root, snapshot.localNode());
    }

    /**
     * What to do when the function rejects the path, as a sentence. Outside a domain account, ClusterIsPathOnSharedVolume of the same DLL
     * accepts a path only on the volume's owner (Microsoft's page on it); this function may do the same.
     */
    String afterWrongPath() {
        String start = "The cluster lists " + name + " as a shared volume, but the function rejects its path: ";
        if (root.startsWith("\\\\?\\")) {
            return start + "it received the GUID name, because Windows may resolve the path " + volume.friendlyPath()
                    + " to another volume. Give the volume's folder a unique name, then try again.";
        }
        return volume.ownerNode().equalsIgnoreCase(localNode)
                ? start + "check the mount point on " + volume.ownerNode() + " and try there."
                : start + "it may accept the path only on the node that owns the volume. Use the agent on "
                        + volume.ownerNode() + ".";
    }
}
