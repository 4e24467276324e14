package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The simulated cluster behind the port, answered from the model. */
public final class SimulatedCluster implements Cluster {
    /** The answer of an unreachable machine's service control manager (RPC_S_SERVER_UNAVAILABLE). */
    private static final int UNREACHABLE = 1722;

    private static final int SERVICE_DOES_NOT_EXIST = 1060;

    private final ClusterModel model;
    private final Faults faults = new Faults();

    /**
     * @param clock the time, to which the cluster adds its own advances
     * @param nodes number of nodes, named NODE1, NODE2, ...
     * @param volumes number of volumes, each on its own disk
     */
    public SimulatedCluster(Clock clock, int nodes, int volumes) {
        this.model = new ClusterModel(clock, nodes, volumes);
    }

    /** The bean that controls this cluster. */
    public SimulatedClusterMBean controls() {
        return new SimulatedControls(model, faults);
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
    public List<Finding> machine(Duration deadline) {
        return List.of(
                new Finding(
                        "system",
                        Finding.Result.WARNING,
                        "the cluster is simulated: its volumes are not real",
                        "Use backend=windows on a node of a cluster."),
                Finding.ok("account", System.getProperty("user.name", "")));
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        faults.enter(Faults.OPEN_CLUSTER);
        faults.enter(Faults.ENUMERATE);
        faults.enter(Faults.NODE_STATE);
        return new ClusterOverview("SIMULATED", model.localNode(), model.nodes(), model.disks());
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        faults.enter(Faults.DISK_STATE);
        Volume volume = on(disk);
        return new SharedDisk(volume.resourceId(), volume.resourceName(), volume.ownerNode(), volume.resourceState());
    }

    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        faults.enter(Faults.READ_VOLUMES);
        Volume volume = on(disk);
        faults.read(volume.resourceName());
        if (!volume.resourceState().isOnline()) {
            throw ClusterException.win32(Faults.READ_VOLUMES, Win32Error.RESOURCE_NOT_ONLINE);
        }
        return List.of(volume);
    }

    private Volume on(String disk) throws ClusterException {
        Volume volume = model.volumeOn(disk);
        if (volume == null) {
            throw ClusterException.win32("OpenClusterResourceEx", Win32Error.RESOURCE_NOT_FOUND);
        }
        return volume;
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        faults.enter(Faults.SERVICE);
        if (!model.isReachable(node)) {
            throw ClusterException.win32("OpenSCManager", UNREACHABLE);
        }
        ServiceStatus status = model.service(node, service);
        if (status == null) {
            throw ClusterException.win32("OpenService", SERVICE_DOES_NOT_EXIST);
        }
        return status;
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        faults.enter(Faults.SHADOW_COPIES);
        if (!model.isReachable(node)) {
            throw ClusterException.win32(Faults.SHADOW_COPIES, UNREACHABLE);
        }
        return model.queryShadowCopies(node);
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) throws ClusterException {
        faults.enter(Faults.IO_STATES);
        Volume volume = on(disk);
        List<VolumeIoState> states = new ArrayList<>();
        for (Node node : model.nodes()) {
            SimulatedIo io = model.io(volume.key(), node.name());
            states.add(VolumeIoState.of(
                    volume.friendlyPath(),
                    volume.guidName(),
                    node.name(),
                    node.state().isDown() ? VolumeIoState.UNAVAILABLE : io.state(),
                    io.reasons()));
        }
        return states;
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        model.countClear();
        if (faults.enter(Faults.CLEAR) && !model.clear(volume.key())) {
            throw ClusterException.win32(Faults.CLEAR, Win32Error.INVALID_PARAMETER);
        }
    }

    /** Releases hung calls. */
    @Override
    public void close() {
        faults.release();
    }
}
