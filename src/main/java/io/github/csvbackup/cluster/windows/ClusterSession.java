package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An open cluster handle with read access, and what is read through it. Used by one thread. */
final class ClusterSession implements AutoCloseable {
    private static final int MORE_DATA = 234;
    private static final int NO_MORE_ITEMS = 259;
    private static final int NAME_CHARS = 512;
    private static final int MOST_NAME_CHARS = 65_536;
    private static final int BUFFER_BYTES = 8192;
    private static final int MOST_BUFFER_BYTES = 16 * 1024 * 1024;
    private static final int MOST_ITEMS = 100_000;

    private final ClusApi api;
    private final Handle cluster;

    private ClusterSession(ClusApi api, Handle cluster) {
        this.api = api;
        this.cluster = cluster;
    }

    /**
     * Probes and opens the local cluster.
     *
     * @throws ClusterException that says which step failed and what to do
     */
    static ClusterSession open(ClusApi api) throws ClusterException {
        IntByReference state = new IntByReference();
        check("GetNodeClusterState", api.GetNodeClusterState(null, state));
        if (state.getValue() != ClusApi.CLUSTER_STATE_RUNNING) {
            throw notRunning(state.getValue());
        }
        return new ClusterSession(
                api,
                Handle.of(
                        "OpenClusterEx",
                        api.OpenClusterEx(null, ClusApi.GENERIC_READ, new IntByReference()),
                        api::CloseCluster));
    }

    private static ClusterException notRunning(int state) {
        String function = "GetNodeClusterState";
        return switch (state) {
            case 0 ->
                ClusterException.unavailable(
                        function,
                        "the Failover Clustering feature is not installed on this machine",
                        "Run the agent on a node of the cluster.");
            case 1 ->
                ClusterException.unavailable(
                        function,
                        "this machine has the Failover Clustering feature but belongs to no cluster",
                        "Run the agent on a node of the cluster.");
            case 3 ->
                ClusterException.unavailable(
                        function,
                        "the Cluster service is not running on this node",
                        "Start it with Start-ClusterNode; the agent keeps trying.");
            default ->
                ClusterException.unavailable(
                        function,
                        "the node's cluster state is " + state + ", not running (19)",
                        "Look at the Cluster service.");
        };
    }

    private static void check(String function, int code) throws ClusterException {
        if (code != 0) {
            throw ClusterException.win32(function, code);
        }
    }

    String name() throws ClusterException {
        char[] name = new char[NAME_CHARS];
        IntByReference length = new IntByReference(name.length);
        check("GetClusterInformation", api.GetClusterInformation(cluster.pointer(), name, length, null));
        return Native.toString(name);
    }

    /** Names of nodes, or of the disk resources that hold shared volumes. */
    List<String> names(int type) throws ClusterException {
        List<String> names = new ArrayList<>();
        try (Handle enumeration =
                Handle.of("ClusterOpenEnum", api.ClusterOpenEnum(cluster.pointer(), type), api::ClusterCloseEnum)) {
            for (int index = 0; index < MOST_ITEMS; index++) {
                char[] name = new char[NAME_CHARS];
                IntByReference length = new IntByReference(name.length);
                IntByReference found = new IntByReference();
                int code = api.ClusterEnum(enumeration.pointer(), index, found, name, length);
                while (code == MORE_DATA && name.length < MOST_NAME_CHARS) {
                    name = new char[Math.min(MOST_NAME_CHARS, Math.max(length.getValue() + 1, name.length * 2))];
                    length.setValue(name.length);
                    code = api.ClusterEnum(enumeration.pointer(), index, found, name, length);
                }
                if (code == NO_MORE_ITEMS) {
                    return names;
                }
                check("ClusterEnum", code);
                names.add(Native.toString(name));
            }
        }
        return names;
    }

    /** A node; its status information is not read yet, which the guard counts as unknown. */
    Node node(String name) throws ClusterException {
        try (Handle node = Handle.of(
                "OpenClusterNodeEx",
                api.OpenClusterNodeEx(cluster.pointer(), name, ClusApi.GENERIC_READ, null),
                api::CloseClusterNode)) {
            return new Node(name, new NodeState(api.GetClusterNodeState(node.pointer())), null);
        }
    }

    /** The volumes on one disk resource. */
    List<Volume> volumes(String resourceName) throws ClusterException {
        try (Handle resource = Handle.of(
                "OpenClusterResourceEx",
                api.OpenClusterResourceEx(cluster.pointer(), resourceName, ClusApi.GENERIC_READ, null),
                api::CloseClusterResource)) {
            char[] owner = new char[NAME_CHARS];
            int state = api.GetClusterResourceState(
                    resource.pointer(), owner, new IntByReference(owner.length), null, null);
            if (state == -1) {
                throw ClusterException.win32("GetClusterResourceState", Native.getLastError());
            }
            ResourceState resourceState = new ResourceState(state);
            if (!resourceState.isOnline()) {
                throw ClusterException.unavailable(
                        "GetClusterResourceState",
                        resourceName + " is " + resourceState + ", not ONLINE, so its volumes cannot be read",
                        "Bring the disk online; leaving Online also ends the backup state.");
            }
            String id = text(control(resource.pointer(), ClusApi.CLUSCTL_RESOURCE_GET_ID));
            byte[] list = control(resource.pointer(), ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO);
            List<Volume> volumes = new ArrayList<>();
            for (VolumeInfo info : VolumeInfoList.parse(list)) {
                volumes.add(new Volume(
                        id,
                        resourceName,
                        Native.toString(owner),
                        resourceState,
                        withoutBackslash(info.friendlyName()),
                        info.volumeName(),
                        new FaultState(info.faultState()),
                        new BackupState(info.backupState())));
            }
            return volumes;
        } catch (MalformedListException e) {
            throw ClusterException.unavailable(
                    "ClusterResourceControl",
                    "the cluster's list of volumes on " + resourceName + " cannot be read: " + e.getMessage(),
                    "Report this with the version of Windows.");
        }
    }

    private byte[] control(Pointer resource, int code) throws ClusterException {
        byte[] out = new byte[BUFFER_BYTES];
        IntByReference returned = new IntByReference();
        int result = api.ClusterResourceControl(resource, null, code, null, 0, out, out.length, returned);
        while (result == MORE_DATA && out.length < MOST_BUFFER_BYTES) {
            out = new byte[Math.min(MOST_BUFFER_BYTES, Math.max(returned.getValue(), out.length * 2))];
            result = api.ClusterResourceControl(resource, null, code, null, 0, out, out.length, returned);
        }
        check("ClusterResourceControl", result);
        int size = returned.getValue();
        if (size < 0 || size > out.length) {
            throw ClusterException.unavailable(
                    "ClusterResourceControl",
                    "the cluster says that it returned " + Integer.toUnsignedString(size) + " bytes into " + out.length,
                    "Report this with the version of Windows.");
        }
        return Arrays.copyOf(out, size);
    }

    private static String text(byte[] utf16) {
        return VolumeInfoList.text(ByteBuffer.wrap(utf16).order(ByteOrder.LITTLE_ENDIAN), 0, utf16.length / 2);
    }

    private static String withoutBackslash(String path) {
        return path.endsWith("\\") ? path.substring(0, path.length() - 1) : path;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
