package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.util.ArrayList;
import java.util.List;

/** Lists names of a cluster's objects. */
final class ClusterNames {
    /** Larger than any list of a cluster. */
    private static final int MOST = 100_000;

    private ClusterNames() {}

    /**
     * Names of nodes, or of the disk resources that hold shared volumes.
     *
     * @param type CLUSTER_ENUM_NODE or CLUSTER_ENUM_SHARED_VOLUME_RESOURCE
     */
    static List<String> list(ClusApi api, SystemCalls system, Pointer cluster, int type) throws ClusterException {
        List<String> names = new ArrayList<>();
        try (Handle enumeration =
                Handle.of(system, "ClusterOpenEnum", api.ClusterOpenEnum(cluster, type), api::ClusterCloseEnum)) {
            IntByReference found = new IntByReference();
            GrowingText texts = new GrowingText(system);
            for (int index = 0; index < MOST; index++) {
                int item = index;
                try {
                    names.add(texts.read(
                            "ClusterEnum",
                            (text, length) -> api.ClusterEnum(enumeration.pointer(), item, found, text, length)));
                } catch (ClusterException e) {
                    if (isEnd(e)) {
                        return names;
                    }
                    throw e;
                }
            }
        }
        throw ClusterException.unavailable(
                "the cluster lists more than " + MOST + " items", "Report this with the version of Windows.");
    }

    private static boolean isEnd(ClusterException e) {
        return e.code() != null && Win32Error.of(e.code()).reading() == Win32Error.Reading.END;
    }
}
