package io.github.csvbackup.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes without a state and with direct I/O, spread over the nodes. The answers are made once, so a call allocates nothing. */
public final class QuietCluster implements Cluster {
    private final Map<String, SharedDisk> disks = new HashMap<>();
    private final Map<String, List<Volume>> volumes = new HashMap<>();
    private final Map<String, List<VolumeIoState>> ioStates = new HashMap<>();
    private final ClusterOverview overview;

    public QuietCluster(int nodeCount, int volumeCount) {
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= nodeCount; n++) {
            nodes.add(new Node("NODE" + n, NodeState.UP, null));
        }
        List<String> names = new ArrayList<>();
        for (int n = 0; n < volumeCount; n++) {
            Volume volume = new Volume(
                    "id-" + n,
                    "Cluster Disk " + n,
                    "NODE" + (n % nodeCount + 1),
                    ResourceState.ONLINE,
                    "C:\\ClusterStorage\\Volume" + n,
                    StubCluster.guid(n),
                    FaultState.NO_FAULTS,
                    BackupState.NONE);
            names.add(volume.resourceName());
            disks.put(
                    volume.resourceName(),
                    new SharedDisk(
                            volume.resourceId(), volume.resourceName(), volume.ownerNode(), volume.resourceState()));
            volumes.put(volume.resourceName(), List.of(volume));
            ioStates.put(
                    volume.resourceName(),
                    nodes.stream()
                            .map(node -> VolumeIoState.of(
                                    volume.friendlyPath(),
                                    volume.guidName(),
                                    node.name(),
                                    VolumeIoState.DIRECT,
                                    Set.of()))
                            .toList());
        }
        overview = new ClusterOverview("CLUSTER", "NODE1", nodes, names);
    }

    @Override
    public boolean neverBlocks() {
        return true;
    }

    @Override
    public Backend backend() {
        return Backend.SIMULATED;
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return BackupStateSupport.SIMULATED;
    }

    @Override
    public ClusterOverview overview() {
        return overview;
    }

    @Override
    public SharedDisk disk(String disk) {
        return disks.get(disk);
    }

    @Override
    public List<Volume> volumes(String disk) {
        return volumes.get(disk);
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) {
        return ioStates.get(disk);
    }

    @Override
    public ServiceStatus service(String node, String service) {
        throw new IllegalStateException("no service is asked while no state is set");
    }

    @Override
    public ShadowCopies shadowCopies(String node) {
        throw new IllegalStateException("no shadow copy is asked for while no state is set");
    }

    @Override
    public void clear(Volume volume, String root) {
        throw new IllegalStateException("nothing is cleared");
    }

    @Override
    public void close() {}
}
