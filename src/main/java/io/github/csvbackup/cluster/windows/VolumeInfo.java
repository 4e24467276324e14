package io.github.csvbackup.cluster.windows;

/**
 * CLUS_CSV_VOLUME_INFO (clusapi.h, 640 bytes).
 *
 * @param friendlyName szVolumeFriendlyName, such as {@code C:\ClusterStorage\Volume1}
 * @param volumeName szVolumeName, {@code \\?\Volume{...}\}
 */
record VolumeInfo(int faultState, int backupState, String friendlyName, String volumeName) {}
