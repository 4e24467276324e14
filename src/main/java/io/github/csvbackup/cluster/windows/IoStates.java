package io.github.csvbackup.cluster.windows;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.VolumeIoState;
import java.util.List;
import java.util.Map;

/**
 * Reads how the nodes reach the volumes. The control code carries the modify bit and so needs a handle with full access, which is opened
 * only for this and closed at once. Changes nothing.
 */
final class IoStates {
    private final ClusApi api;
    private final SystemCalls system;

    IoStates(ClusApi api, SystemCalls system) {
        this.api = api;
        this.system = system;
    }

    /** @param friendlyPaths friendly paths by GUID name in lower case */
    List<VolumeIoState> read(String disk, Map<String, String> friendlyPaths) throws ClusterException {
        NodeClusterState.requireRunning(api, system);
        try (Handle cluster = Handle.of(
                        system,
                        "OpenClusterEx",
                        api.OpenClusterEx(null, ClusApi.GENERIC_ALL, new IntByReference()),
                        api::CloseCluster);
                Handle resource = Handle.of(
                        system,
                        "OpenClusterResourceEx",
                        api.OpenClusterResourceEx(cluster.pointer(), disk, ClusApi.GENERIC_ALL, null),
                        api::CloseClusterResource)) {
            return VolumeStateList.parse(
                    new Controls(api, system)
                            .ofResource(resource.pointer(), ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES),
                    friendlyPaths);
        } catch (MalformedListException e) {
            throw Controls.malformed("the cluster's list of I/O states on " + disk, e);
        }
    }
}
