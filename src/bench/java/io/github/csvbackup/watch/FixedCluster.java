package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cluster in which nothing happens, and whose answers are made beforehand: a poll of it costs what the agent does. */
final class FixedCluster implements Cluster {
    private final ClusterOverview overview;
    private final Map<String, SharedDisk> disks = new HashMap<>();
    private final Map<String, List<Volume>> volumes = new HashMap<>();

    FixedCluster(int nodeCount, int volumeCount) {
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= nodeCount; n++) {
            nodes.add(new Node("NODE" + n, NodeState.UP, 0));
        }
        List<String> names = new ArrayList<>();
        for (int v = 1; v <= volumeCount; v++) {
            String owner = "NODE" + ((v - 1) % nodeCount + 1);
            String name = "Cluster Disk " + v;
            String id = "id-" + v;
            names.add(name);
            SharedDisk disk = new SharedDisk(id, name, owner, ResourceState.ONLINE);
            List<Volume> one = List.of(new Volume(
                    id,
                    name,
                    owner,
                    ResourceState.ONLINE,
                    "C:\\ClusterStorage\\Volume" + v,
                    String.format("\\\\?\\Volume{00000000-0000-0000-0000-%012d}\\", v),
                    FaultState.NO_FAULTS,
                    BackupState.NONE));
            for (String either : List.of(id, name)) {
                disks.put(either, disk);
                volumes.put(either, one);
            }
        }
        overview = new ClusterOverview("CLUSTER", "NODE1", nodes, names);
    }

    @Override
    public Backend backend() {
        return Backend.SIMULATED;
    }

    @Override
    public boolean neverBlocks() {
        return true;
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
    public ServiceStatus service(String node, String service) {
        return new ServiceStatus(ServiceStatus.STOPPED, null, null);
    }

    @Override
    public ShadowCopies shadowCopies(String node) {
        throw new UnsupportedOperationException("a poll does not ask for shadow copies");
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) {
        return List.of();
    }

    @Override
    public void clear(Volume volume, String root) {
        throw new UnsupportedOperationException("a poll does not clear");
    }

    @Override
    public void close() {}
}
