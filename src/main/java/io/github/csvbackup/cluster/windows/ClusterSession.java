package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.WindowsVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open cluster handle with read access, and the handles of nodes and disks. They stay open between reads, so a known disk takes two
 * native calls. Used by one thread at a time.
 */
final class ClusterSession implements AutoCloseable {
    private final ClusApi api;
    private final SystemCalls system;
    private final Controls controls;
    private final GrowingText texts;
    private final Handle cluster;
    private final Map<String, Handle> nodes = new HashMap<>();
    private final Map<String, Disk> disks = new HashMap<>();
    private @Nullable String name;
    private List<String> listedDisks = List.of();

    /** A disk's handle and its id, which stays when the name changes. */
    private record Disk(Handle handle, String id) {}

    private ClusterSession(ClusApi api, SystemCalls system, Handle cluster) {
        this.api = api;
        this.system = system;
        this.controls = new Controls(api, system);
        this.texts = new GrowingText(system);
        this.cluster = cluster;
    }

    /**
     * Checks and opens the local cluster.
     *
     * @throws ClusterException that says which step failed and what to do
     */
    static ClusterSession open(ClusApi api, SystemCalls system) throws ClusterException {
        NodeClusterState.requireRunning(api, system);
        return new ClusterSession(
                api,
                system,
                Handle.of(
                        system,
                        "OpenClusterEx",
                        api.OpenClusterEx(null, ClusApi.GENERIC_READ, new IntByReference()),
                        api::CloseCluster));
    }

    /**
     * Reads the cluster, its nodes and the names of its shared disks.
     *
     * @param justOpened the handles have just replaced dead ones: a node's code that asks for new handles is then a failure of that node
     * @throws ClusterException if the cluster or a list cannot be read, or if a node says that these handles are dead
     */
    ClusterOverview overview(String localNode, boolean justOpened) throws ClusterException {
        String clusterName = name();
        List<String> diskNames = names(ClusApi.CLUSTER_ENUM_SHARED_VOLUME_RESOURCE);
        List<String> nodeNames = names(ClusApi.CLUSTER_ENUM_NODE);
        forgetOthers(nodes, nodeNames, Handle::close);
        List<Node> read = new ArrayList<>();
        for (String node : nodeNames) {
            read.add(node(node, justOpened));
        }
        if (read.stream().anyMatch(node -> node.state().isDown())) {
            read = withVersions(read, justOpened);
        }
        return new ClusterOverview(clusterName, localNode, read, diskNames);
    }

    /** Closes the handles of disks that the cluster no longer lists. */
    void keepOnly(List<String> listed) {
        if (!listed.equals(listedDisks)) {
            forgetOthers(disks, listed, disk -> disk.handle().close());
        }
        listedDisks = listed;
    }

    private static <T> void forgetOthers(
            Map<String, T> open, List<String> listed, java.util.function.Consumer<T> closer) {
        Set<String> names = Set.copyOf(listed);
        open.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                closer.accept(entry.getValue());
            }
            return gone;
        });
    }

    private String name() throws ClusterException {
        String known = name;
        if (known == null) {
            known = texts.read(
                    "GetClusterInformation",
                    (text, length) -> api.GetClusterInformation(cluster.pointer(), text, length, null));
            name = known;
        }
        return known;
    }

    private List<String> names(int type) throws ClusterException {
        return ClusterNames.list(api, system, cluster.pointer(), type);
    }

    /** A node. One that cannot be opened, for example because it has just been evicted, is unknown, which prevents clears. */
    private Node node(String node, boolean justOpened) throws ClusterException {
        ActiveNativeCalls.about(node);
        try {
            Handle handle = nodes.get(node);
            if (handle == null) {
                handle = Handle.of(
                        system,
                        "OpenClusterNodeEx",
                        api.OpenClusterNodeEx(cluster.pointer(), node, ClusApi.GENERIC_READ, null),
                        api::CloseClusterNode);
                nodes.put(node, handle);
            }
            NodeState state = new NodeState(api.GetClusterNodeState(handle.pointer()));
            if (state.equals(NodeState.UNKNOWN)) {
                throw system.lastFailure("GetClusterNodeState");
            }
            return state.isDown() ? down(node, state, handle, justOpened) : new Node(node, state, null);
        } catch (ClusterException e) {
            forgetNode(node);
            if (!justOpened && SessionPool.wantsNewHandles(e)) {
                throw e;
            }
            return new Node(node, NodeState.UNKNOWN, null, e, null);
        }
    }

    private Node down(String node, NodeState state, Handle handle, boolean justOpened) throws ClusterException {
        try {
            return new Node(node, state, controls.statusInformation(handle.pointer()));
        } catch (ClusterException e) {
            if (!justOpened && SessionPool.wantsNewHandles(e)) {
                throw e;
            }
            return new Node(node, state, null, e, null);
        }
    }

    /** The meaning of a node that is Down depends on every node's version of Windows. */
    private List<Node> withVersions(List<Node> read, boolean justOpened) throws ClusterException {
        List<Node> nodesWithVersions = new ArrayList<>();
        for (Node node : read) {
            nodesWithVersions.add(node.withVersion(version(node.name(), justOpened)));
        }
        return nodesWithVersions;
    }

    private @Nullable WindowsVersion version(String node, boolean justOpened) throws ClusterException {
        ActiveNativeCalls.about(node);
        Handle handle = nodes.get(node);
        if (handle == null) {
            return null;
        }
        try {
            return controls.windowsVersion(handle.pointer());
        } catch (ClusterException e) {
            if (!justOpened && SessionPool.wantsNewHandles(e)) {
                throw e;
            }
            return null;
        }
    }

    private void forgetNode(String node) {
        Handle handle = nodes.remove(node);
        if (handle != null) {
            handle.close();
        }
    }

    private Disk disk(String nameOrId) throws ClusterException {
        Disk known = disks.get(nameOrId);
        if (known != null) {
            return known;
        }
        Handle handle = Handle.of(
                system,
                "OpenClusterResourceEx",
                api.OpenClusterResourceEx(cluster.pointer(), nameOrId, ClusApi.GENERIC_READ, null),
                api::CloseClusterResource);
        try {
            ByteBuffer id = controls.ofResource(handle.pointer(), ClusApi.CLUSCTL_RESOURCE_GET_ID)
                    .order(ByteOrder.LITTLE_ENDIAN);
            Disk disk = new Disk(handle, ClusPropList.text(id, 0, id.limit() / 2));
            disks.put(nameOrId, disk);
            return disk;
        } catch (ClusterException | RuntimeException | Error e) {
            handle.close();
            throw e;
        }
    }

    /** The owner and the state of one disk resource, by name or id. After a failure its handle is closed. */
    SharedDisk state(String nameOrId) throws ClusterException {
        return with(nameOrId, this::state);
    }

    /** The volumes on one disk resource, by name or id. After a failure its handle is closed. */
    List<Volume> volumes(String nameOrId) throws ClusterException {
        return with(nameOrId, this::volumes);
    }

    /** A read of an open disk. */
    @FunctionalInterface
    private interface DiskRead<T> {
        T of(String disk, Disk open) throws ClusterException;
    }

    private <T> T with(String nameOrId, DiskRead<T> reading) throws ClusterException {
        String disk = disks.containsKey(nameOrId) ? nameOrId : nameOf(nameOrId);
        Disk open = disk(disk);
        boolean read = false;
        try {
            T result = reading.of(disk, open);
            read = true;
            return result;
        } finally {
            if (!read) {
                disks.remove(disk);
                open.handle().close();
            }
        }
    }

    /** The name of an open disk; an id that is not known yet, or a name, is returned. Reads by id are rare. */
    private String nameOf(String id) {
        return disks.entrySet().stream()
                .filter(entry -> entry.getValue().id().equals(id))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(id);
    }

    private SharedDisk state(String disk, Disk open) throws ClusterException {
        int[] state = new int[1];
        String owner = texts.read("GetClusterResourceState", (text, length) -> {
            state[0] = api.GetClusterResourceState(open.handle().pointer(), text, length, null, null);
            return state[0] == -1 ? Native.getLastError() : 0;
        });
        if (state[0] == -1) {
            throw SystemCalls.noReason("GetClusterResourceState");
        }
        return new SharedDisk(open.id(), disk, owner, new ResourceState(state[0]));
    }

    private List<Volume> volumes(String disk, Disk open) throws ClusterException {
        SharedDisk shared = state(disk, open);
        shared.requireOnline();
        List<VolumeInfo> infos;
        try {
            infos = VolumeInfoList.parse(controls.ofResource(
                    open.handle().pointer(), ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO));
        } catch (MalformedListException e) {
            throw Controls.malformed("the cluster's list of volumes on " + disk, e);
        }
        List<Volume> volumes = new ArrayList<>();
        for (VolumeInfo info : infos) {
            volumes.add(new Volume(
                    shared.id(),
                    shared.name(),
                    shared.owner(),
                    shared.state(),
                    VolumeInfo.withoutBackslash(info.friendlyName()),
                    info.volumeName(),
                    new FaultState(info.faultState()),
                    new BackupState(info.backupState())));
        }
        return volumes;
    }

    @Override
    public void close() {
        disks.values().forEach(disk -> disk.handle().close());
        disks.clear();
        nodes.values().forEach(Handle::close);
        nodes.clear();
        cluster.close();
    }
}
