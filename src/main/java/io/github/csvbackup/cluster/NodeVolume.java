package io.github.csvbackup.cluster;

/**
 * A volume that a node lists itself (WMI class Win32_Volume).
 *
 * @param deviceId {@code DeviceID}, {@code \\?\Volume{...}\}
 * @param driveLetter {@code DriveLetter}, such as {@code D:}; empty if it has none
 * @param fileSystem {@code FileSystem}, such as {@code NTFS} or {@code CSVFS}; empty if the node gave none
 */
public record NodeVolume(String deviceId, String driveLetter, String fileSystem) {
    private static final String CLUSTER_SHARED_VOLUME_FILE_SYSTEM = "CSVFS";

    /**
     * True if the volume is known to belong to its node alone: it has a drive letter. A volume without one is not known to be
     * anything: a CSV has a hidden NTFS volume without a letter on its coordinator.
     */
    public boolean isLocal() {
        return !driveLetter.isEmpty() && !fileSystem.equalsIgnoreCase(CLUSTER_SHARED_VOLUME_FILE_SYSTEM);
    }
}
