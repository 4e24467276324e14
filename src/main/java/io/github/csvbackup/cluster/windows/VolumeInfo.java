package io.github.csvbackup.cluster.windows;

/**
 * CLUS_CSV_VOLUME_INFO (clusapi.h, 640 bytes).
 *
 * @param friendlyName szVolumeFriendlyName, such as {@code C:\ClusterStorage\Volume1}
 * @param volumeName szVolumeName, {@code \\?\Volume{...}\}
 */
record VolumeInfo(int faultState, int backupState, String friendlyName, String volumeName) {
    /** The path in the form that the agent uses. */
    static String withoutBackslash(String path) {
        return path.endsWith("\\") ? path.substring(0, path.length() - 1) : path;
    }
}
