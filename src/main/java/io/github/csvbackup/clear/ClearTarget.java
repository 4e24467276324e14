package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;

/**
 * What the native function is called for.
 *
 * @param name what the volume is called
 * @param volume as it was read right before the call
 * @param root what the function gets
 * @param localNode the agent's own node
 */
record ClearTarget(String name, Volume volume, String root, String localNode) {
    static ClearTarget of(String name, Volume volume, Snapshot snapshot) {
        String root = VolumePath.nativeRoot(
                volume, snapshot.volumes().stream().map(WatchedVolume::volume).toList());
        return new ClearTarget(name, volume, root, snapshot.localNode());
    }

    /**
     * What to do when the function takes the path for wrong, as a sentence. ClusterIsPathOnSharedVolume of the same DLL knows a path only on the
     * volume's owner if the account is not one of a domain (Microsoft's page on it); the function may do the same.
     */
    String afterWrongPath() {
        String start =
                "The cluster lists " + name + " as a shared volume, and still the function takes its path for wrong: ";
        if (root.startsWith("\\\\?\\")) {
            return start + "it was given the GUID name, since Windows may take the path " + volume.friendlyPath()
                    + " for another volume's. Give the volume's folder a name of its own, then ask again.";
        }
        return volume.ownerNode().equalsIgnoreCase(localNode)
                ? start + "look at the mount point on " + volume.ownerNode() + " and try there."
                : start + "it may know the path only on the node that owns the volume. Ask the agent on "
                        + volume.ownerNode() + ".";
    }
}
