package io.github.csvbackup.cluster.windows;

import com.sun.jna.win32.StdCallLibrary;

/** ResUtils.dll, as resapi.h of the Windows SDK declares it. */
interface ResUtils extends StdCallLibrary {
    /**
     * Clears the state without regard to backups on any node. The return value is the error, GetLastError is not set; only 87 is
     * documented: the path is not on a Cluster Shared Volume. Blocks; has no time-out.
     */
    int ClusterClearBackupStateForSharedVolume(String volumePathName);
}
