package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.Snapshot;

/**
 * Which volume a shadow copy belongs to. On Windows Server 2012 and later a CSV has a hidden NTFS volume on its coordinator beside the
 * CSVFS volume, and it is not documented which of the two GUID names Win32_ShadowCopy shows. A copy of a share may be of a share on a
 * CSV. So a copy counts as one of another volume only if the agent knows that volume.
 */
public enum CopyOrigin {
    THIS_VOLUME,
    /** Another Cluster Shared Volume, or a local volume of its node. */
    OTHER_VOLUME,
    /** Possibly this volume. */
    UNKNOWN;

    /**
     * The origin of a copy in relation to one volume.
     *
     * @param list the node's list that the copy is in
     * @param guidName the GUID name of the volume
     */
    public static CopyOrigin of(ShadowCopy copy, ShadowCopies list, String guidName, Snapshot snapshot) {
        if (copy.volumeName().equalsIgnoreCase(guidName)) {
            return THIS_VOLUME;
        }
        boolean otherShared = snapshot.volumes().stream()
                .map(watched -> watched.volume())
                .map(Volume::guidName)
                .anyMatch(copy.volumeName()::equalsIgnoreCase);
        return otherShared || list.isOfALocalVolume(copy) ? OTHER_VOLUME : UNKNOWN;
    }
}
