package io.github.csvbackup.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How one node reaches one volume: CLUSTER_SHARED_VOLUME_STATE_INFO_EX (SDK header ClusApi.h). A redirected state does not indicate a backup:
 * there is no reason code for backups, and ReFS volumes are always redirected.
 *
 * @param friendlyPath the volume's friendly path, without a trailing backslash
 * @param guidName the volume's GUID name
 * @param node the node that reaches it
 * @param state CLUSTER_SHARED_VOLUME_STATE, the cluster's own number
 * @param fileSystemReasons RedirectedIOReason, a mask; 0 if there is none, as always on Windows Server 2012
 * @param volumeReasons VolumeRedirectedIOReason, a mask; 0 as above
 */
public record VolumeIoState(
        String friendlyPath, String guidName, String node, int state, long fileSystemReasons, long volumeReasons) {
    public static final int UNAVAILABLE = 0;
    public static final int PAUSED = 1;
    public static final int DIRECT = 2;
    public static final int FILE_SYSTEM_REDIRECTED = 3;
    public static final int BLOCK_REDIRECTED = 4;

    /** Names of the states, as Get-ClusterSharedVolumeState prints them, by their number. */
    public static final List<String> STATES =
            List.of("UNAVAILABLE", "PAUSED", "DIRECT", "FILE_SYSTEM_REDIRECTED", "BLOCK_REDIRECTED");

    /** A reason for redirected I/O. */
    public enum Reason {
        USER_REQUEST(
                true,
                0x1,
                "redirected access was switched on",
                "Switch it off with: Resume-ClusterResource, or Turn Off Redirected Access in Failover Cluster Manager."),
        FILE_SYSTEM_FILTER(
                true,
                0x2,
                "a file system filter driver is not compatible with direct I/O",
                "List the filters with: fltmc instances; update or remove the one of your antivirus, backup or replication product."),
        VOLUME_FILTER(
                true,
                0x4,
                "a volume filter driver is not compatible with direct I/O",
                "Update or remove the volume filter of your backup or replication product."),
        TIERING(true, 0x8, "the file system moves data between tiers", "Wait until the tiering has ended."),
        BITLOCKER(true, 0x10, "BitLocker is being initialised", "Wait until it is complete: manage-bde -status."),
        REFS(
                true,
                0x20,
                "the volume is formatted with ReFS, which is always redirected, by design",
                "Nothing is wrong."),
        NO_DISK_CONNECTIVITY(
                false,
                0x1,
                "the node cannot reach the disk",
                "Check the paths, cables and zones of that node's storage: Get-Disk, mpclaim -s -d."),
        STORAGE_SPACE_NOT_ATTACHED(
                false,
                0x2,
                "the storage space is not attached to the node",
                "Check it with: Get-VirtualDisk, Get-StoragePool."),
        REPLICATION(
                false, 0x4, "Storage Replica replicates the volume", "Nothing is wrong while replication is wanted.");

        private final boolean fileSystem;
        private final long bit;
        private final String text;
        private final String remedy;

        Reason(boolean fileSystem, long bit, String text, String remedy) {
            this.fileSystem = fileSystem;
            this.bit = bit;
            this.text = text;
            this.remedy = remedy;
        }

        /** A clause for users. */
        public String text() {
            return text;
        }

        /** What to do: a sentence. */
        public String remedy() {
            return remedy;
        }
    }

    /** A state with these reasons. */
    public static VolumeIoState of(String friendlyPath, String guidName, String node, int state, Set<Reason> reasons) {
        return new VolumeIoState(friendlyPath, guidName, node, state, mask(reasons, true), mask(reasons, false));
    }

    private static long mask(Set<Reason> reasons, boolean fileSystem) {
        long mask = 0;
        for (Reason reason : reasons) {
            mask |= reason.fileSystem == fileSystem ? reason.bit : 0;
        }
        return mask;
    }

    /** True if the node writes to the disk itself. */
    public boolean isDirect() {
        return state == DIRECT;
    }

    /** The state's name, or the raw number. */
    public String stateName() {
        return state >= 0 && state < STATES.size() ? STATES.get(state) : Integer.toString(state);
    }

    public boolean has(Reason reason) {
        return ((reason.fileSystem ? fileSystemReasons : volumeReasons) & reason.bit) != 0;
    }

    /** The known reasons. */
    public List<Reason> reasons() {
        List<Reason> reasons = new ArrayList<>();
        for (Reason reason : Reason.values()) {
            if (has(reason)) {
                reasons.add(reason);
            }
        }
        return reasons;
    }

    /** Unknown bits of the two masks, such as {@code file system 0x40}; empty if there are none. */
    public String unknownReasons() {
        long fileSystem = fileSystemReasons;
        long volume = volumeReasons;
        for (Reason reason : Reason.values()) {
            if (reason.fileSystem) {
                fileSystem &= ~reason.bit;
            } else {
                volume &= ~reason.bit;
            }
        }
        List<String> unknown = new ArrayList<>();
        if (fileSystem != 0) {
            unknown.add("file system 0x" + Long.toHexString(fileSystem));
        }
        if (volume != 0) {
            unknown.add("volume 0x" + Long.toHexString(volume));
        }
        return String.join(", ", unknown);
    }
}
