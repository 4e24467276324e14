package io.github.csvbackup.cluster;

/**
 * A volume in the node's own list (WMI class Win32_Volume).
 *
 * @param deviceId {@code DeviceID}, {@code \\?\Volume{...}\}
 * @param driveLetter {@code DriveLetter}, such as {@code D:}; empty if it has none
 * @param fileSystem {@code FileSystem}, such as {@code NTFS} or {@code CSVFS}; empty if unknown
 */
public record NodeVolume(String deviceId, String driveLetter, String fileSystem) {
    private static final String CLUSTER_SHARED_VOLUME_FILE_SYSTEM = "CSVFS";

    /**
     * True if the volume is known to be local to its node: it has a drive letter. A volume without a letter may be anything, such as the hidden NTFS
     * volume of a CSV on its coordinator.
     */
    public boolean isLocal() {
        return !driveLetter.isEmpty() && !fileSystem.equalsIgnoreCase(CLUSTER_SHARED_VOLUME_FILE_SYSTEM);
    }
}
