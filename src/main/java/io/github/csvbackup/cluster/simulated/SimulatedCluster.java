package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The simulated cluster behind the port, answered from the model. */
public final class SimulatedCluster implements Cluster {
    /** The answer of an unreachable machine's service control manager (RPC_S_SERVER_UNAVAILABLE). */
    private static final int UNREACHABLE = 1722;

    private static final int SERVICE_DOES_NOT_EXIST = 1060;

    private final ClusterModel model;
    private final Faults faults;
    private final String localNode;
    private final boolean remoteAccess;

    /**
     * As seen from NODE1.
     *
     * @param clock the time, to which the cluster adds its own advances
     * @param nodes number of nodes, named NODE1, NODE2, ...
     * @param volumes number of volumes, each on its own disk
     */
    public SimulatedCluster(Clock clock, int nodes, int volumes) {
        this(clock, nodes, volumes, true);
    }

    /** @param remoteAccess whether the account of NODE1 may ask other nodes for their services and shadow copies */
    public SimulatedCluster(Clock clock, int nodes, int volumes, boolean remoteAccess) {
        this(new ClusterModel(clock, nodes, volumes), new Faults(), ClusterModel.FIRST_NODE, remoteAccess);
    }

    private SimulatedCluster(ClusterModel model, Faults faults, String localNode, boolean remoteAccess) {
        this.model = model;
        this.faults = faults;
        this.localNode = localNode;
        this.remoteAccess = remoteAccess;
    }

    /**
     * The same cluster as LocalSystem sees it on one of its nodes.
     *
     * @throws ClusterException if the cluster has no such node, or the machine is off
     */
    SimulatedCluster seenBy(String node) throws ClusterException {
        String name = model.nameOf(node);
        if (name == null) {
            throw ClusterException.unavailable(
                    "the simulated cluster has no node " + node + ", only " + String.join(", ", model.nodeNames()),
                    "Correct the option node.");
        }
        if (!model.isPowered(name)) {
            throw ClusterException.win32(Faults.OPEN_CLUSTER, Win32Error.NO_ENDPOINT);
        }
        return new SimulatedCluster(model, faults, name, false);
    }

    /** The bean that controls this cluster. */
    public SimulatedClusterMBean controls() {
        return new SimulatedControls(model, faults);
    }

    /**
     * Answers a call of an agent that is one of the nodes.
     *
     * @param request JSON, as {@link NodeCalls} describes it
     * @return JSON, also for a call that failed
     */
    public String answer(String request) {
        return NodeCalls.answer(this, request);
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
        return machineFindings();
    }

    static List<Finding> machineFindings() {
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
        return new ClusterOverview("SIMULATED", localNode, model.nodes(), model.disks());
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
        requireAccess(node, "OpenSCManager");
        if (!model.isReachable(node)) {
            throw ClusterException.win32("OpenSCManager", UNREACHABLE);
        }
        ServiceStatus status = model.service(node, service);
        if (status == null) {
            throw ClusterException.win32("OpenService", SERVICE_DOES_NOT_EXIST);
        }
        return status;
    }

    /** As another machine answers an account without rights there, such as LocalSystem. */
    private void requireAccess(String node, String function) throws ClusterException {
        if (!remoteAccess && !node.equalsIgnoreCase(localNode)) {
            throw ClusterException.win32(function, Win32Error.ACCESS_DENIED);
        }
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        faults.enter(Faults.SHADOW_COPIES);
        requireAccess(node, Faults.SHADOW_COPIES);
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
    public Optional<List<VirtualMachine>> virtualMachines() throws ClusterException {
        faults.enter(Faults.MACHINES);
        return model.machines().on(localNode);
    }

    @Override
    public DifferencingDisks differencingDisks(List<String> folders) throws ClusterException {
        faults.enter(Faults.FIND_FILES);
        return model.machines().differencingDisks(folders);
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
