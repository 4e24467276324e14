package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster of NODE1 with Cluster Disk 1 and Volume1, whose service may be restarted, which invalidates the open handles. */
final class FakeClusApi implements ClusApi {
    static final String GUID = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000001}\\";
    private static final int HANDLES_ARE_DEAD = 1775;
    private static final int NO_MORE_ITEMS = 259;

    private final Set<Pointer> open = new HashSet<>();
    private final Set<Pointer> dead = new HashSet<>();
    private final Set<Pointer> nodeEnumerations = new HashSet<>();
    private final List<String> silent = new ArrayList<>();
    private long handles;
    private String restartsAt = "";
    private boolean alwaysRestarts;
    int sessions;

    /** The service is restarted right before the next call of this function. */
    void restartAt(String function) {
        restartsAt = function;
    }

    /** The service is restarted before each call of this function. */
    void alwaysRestartAt(String function) {
        restartsAt = function;
        alwaysRestarts = true;
    }

    /** From now on this function fails without an error code. */
    void failWithoutReason(String function) {
        silent.add(function);
    }

    Set<Pointer> open() {
        return open;
    }

    private void restart(String function) {
        if (restartsAt.equals(function)) {
            dead.addAll(open);
            restartsAt = alwaysRestarts ? function : "";
        }
    }

    private @Nullable Pointer opened(String function, @Nullable Pointer parent) {
        restart(function);
        if (silent.contains(function) || fails(parent)) {
            return null;
        }
        Pointer handle = Pointer.createConstant(++handles);
        open.add(handle);
        return handle;
    }

    private boolean fails(@Nullable Pointer handle) {
        boolean fails = handle != null && dead.contains(handle);
        Native.setLastError(fails ? HANDLES_ARE_DEAD : 0);
        return fails;
    }

    private static int text(String text, char[] into, IntByReference length) {
        text.getChars(0, text.length(), into, 0);
        into[text.length()] = 0;
        length.setValue(text.length());
        return 0;
    }

    private static int bytes(byte[] bytes, byte[] out, IntByReference returned) {
        System.arraycopy(bytes, 0, out, 0, bytes.length);
        returned.setValue(bytes.length);
        return 0;
    }

    @Override
    public int GetNodeClusterState(@Nullable String nodeName, IntByReference clusterState) {
        clusterState.setValue(CLUSTER_STATE_RUNNING);
        return 0;
    }

    @Override
    public @Nullable Pointer OpenClusterEx(
            @Nullable String clusterName, int desiredAccess, @Nullable IntByReference grantedAccess) {
        sessions++;
        return opened("OpenClusterEx", null);
    }

    @Override
    public boolean CloseCluster(Pointer cluster) {
        return open.remove(cluster);
    }

    @Override
    public int GetClusterInformation(
            Pointer cluster, char[] name, IntByReference nameLength, @Nullable Pointer versionInfo) {
        restart("GetClusterInformation");
        return fails(cluster) ? HANDLES_ARE_DEAD : text("CLUSTER", name, nameLength);
    }

    @Override
    public @Nullable Pointer ClusterOpenEnum(Pointer cluster, int type) {
        Pointer opened = opened("ClusterOpenEnum", cluster);
        if (opened != null && type == CLUSTER_ENUM_NODE) {
            nodeEnumerations.add(opened);
        }
        return opened;
    }

    @Override
    public int ClusterEnum(
            Pointer enumeration, int index, IntByReference type, char[] name, IntByReference nameLength) {
        if (index > 0) {
            return NO_MORE_ITEMS;
        }
        return fails(enumeration)
                ? HANDLES_ARE_DEAD
                : text(nodeEnumerations.contains(enumeration) ? "NODE1" : "Cluster Disk 1", name, nameLength);
    }

    @Override
    public int ClusterCloseEnum(Pointer enumeration) {
        open.remove(enumeration);
        return 0;
    }

    @Override
    public @Nullable Pointer OpenClusterNodeEx(
            Pointer cluster, String name, int desiredAccess, @Nullable IntByReference grantedAccess) {
        return opened("OpenClusterNodeEx", cluster);
    }

    @Override
    public boolean CloseClusterNode(Pointer node) {
        return open.remove(node);
    }

    @Override
    public int GetClusterNodeState(Pointer node) {
        restart("GetClusterNodeState");
        return fails(node) || silent.contains("GetClusterNodeState") ? -1 : 0;
    }

    @Override
    public int ClusterNodeControl(
            Pointer node,
            @Nullable Pointer hostNode,
            int controlCode,
            @Nullable Pointer in,
            int inSize,
            byte[] out,
            int outSize,
            IntByReference bytesReturned) {
        return fails(node) ? HANDLES_ARE_DEAD : 0;
    }

    @Override
    public @Nullable Pointer OpenClusterResourceEx(
            Pointer cluster, String name, int desiredAccess, @Nullable IntByReference grantedAccess) {
        return opened("OpenClusterResourceEx", cluster);
    }

    @Override
    public boolean CloseClusterResource(Pointer resource) {
        return open.remove(resource);
    }

    @Override
    public int GetClusterResourceState(
            Pointer resource,
            char[] nodeName,
            IntByReference nodeNameLength,
            char @Nullable [] groupName,
            @Nullable IntByReference groupNameLength) {
        restart("GetClusterResourceState");
        if (fails(resource) || silent.contains("GetClusterResourceState")) {
            return -1;
        }
        text("NODE1", nodeName, nodeNameLength);
        return 2;
    }

    @Override
    public int ClusterResourceControl(
            Pointer resource,
            @Nullable Pointer hostNode,
            int controlCode,
            @Nullable Pointer in,
            int inSize,
            byte[] out,
            int outSize,
            IntByReference bytesReturned) {
        restart("ClusterResourceControl");
        if (fails(resource)) {
            return HANDLES_ARE_DEAD;
        }
        return bytes(
                controlCode == CLUSCTL_RESOURCE_GET_ID
                        ? Arrays.copyOf("id-1".getBytes(StandardCharsets.UTF_16LE), 10)
                        : volume(),
                out,
                bytesReturned);
    }

    private static byte[] volume() {
        ByteBuffer list = ByteBuffer.allocate(652).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(0, 0x00010001).putInt(4, 640);
        list.put(28, "C:\\ClusterStorage\\Volume1".getBytes(StandardCharsets.UTF_16LE));
        list.put(548, GUID.getBytes(StandardCharsets.UTF_16LE));
        return list.array();
    }
}
