package io.github.csvbackup.cluster.windows;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the nodes reach the volumes. The control code carries the modify bit and so needs a handle with full access, which is opened
 * only for this and closed at once. Changes nothing. Thread-safe.
 */
final class IoStates {
    private final ClusApi api;
    private final SystemCalls system;
    /** The one that was used last: its buffer is as long as the answers of this cluster. */
    private final AtomicReference<@Nullable Controls> unused = new AtomicReference<>();

    private final Map<String, String> nodeNames = new ConcurrentHashMap<>();

    IoStates(ClusApi api, SystemCalls system) {
        this.api = api;
        this.system = system;
    }

    /** @param volumes of the disk, as last read */
    List<VolumeIoState> read(String disk, List<Volume> volumes) throws ClusterException {
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
            Controls known = unused.getAndSet(null);
            Controls controls = known == null ? new Controls(api, system) : known;
            List<VolumeIoState> states = VolumeStateList.parse(
                    controls.ofResource(resource.pointer(), ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES),
                    friendlyPaths(volumes),
                    nodeNames);
            unused.set(controls);
            return states;
        } catch (MalformedListException e) {
            throw Controls.malformed("the cluster's list of I/O states on " + disk, e);
        }
    }

    /** By GUID name in lower case. */
    private static Map<String, String> friendlyPaths(List<Volume> volumes) {
        return volumes.stream()
                .collect(Collectors.toUnmodifiableMap(
                        volume -> volume.guidName().toLowerCase(Locale.ROOT),
                        Volume::friendlyPath,
                        (one, other) -> one));
    }
}
