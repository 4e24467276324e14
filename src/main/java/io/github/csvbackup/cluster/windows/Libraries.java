package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.win32.W32APIOptions;
import io.github.csvbackup.cluster.ClusterException;

/** The two DLLs. Loaded on first use: a node may get its cluster later. */
record Libraries(ClusApi clusApi, ResUtils resUtils) {
    /**
     * Loads both.
     *
     * @throws ClusterException if one of them is not there
     */
    static Libraries load() throws ClusterException {
        try {
            return new Libraries(
                    Native.load("ClusAPI", ClusApi.class, W32APIOptions.UNICODE_OPTIONS),
                    Native.load("ResUtils", ResUtils.class, W32APIOptions.UNICODE_OPTIONS));
        } catch (UnsatisfiedLinkError e) {
            throw ClusterException.unavailable(
                    "LoadLibrary",
                    "ClusAPI.dll or ResUtils.dll cannot be loaded: " + e.getMessage(),
                    "Install the Failover Clustering feature, or run the agent on a node of the cluster.");
        }
    }
}
