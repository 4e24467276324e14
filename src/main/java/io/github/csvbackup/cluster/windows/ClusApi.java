package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/**
 * ClusAPI.dll, as clusapi.h of the Windows SDK declares it. Strings are UTF-16; counts of characters are in WCHARs, counts of control
 * buffers in bytes. A null handle means failure: the code is GetLastError; functions that return int return the code.
 */
interface ClusApi extends StdCallLibrary {
    int GENERIC_READ = 0x80000000;
    int GENERIC_ALL = 0x10000000;
    int MAXIMUM_ALLOWED = 0x02000000;
    int CLUSTER_STATE_RUNNING = 0x13;
    int CLUSTER_ENUM_NODE = 0x1;
    /** Cannot be combined with other types; returns names of resources. */
    int CLUSTER_ENUM_SHARED_VOLUME_RESOURCE = 0x40000000;

    int CLUSCTL_RESOURCE_GET_ID = 0x01000039;
    int CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO = 0x01000225;
    /** Only reads, but carries the modify bit and so needs full access. */
    int CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES = 0x014002A2;

    int CLUSCTL_NODE_GET_RO_COMMON_PROPERTIES = 0x04000055;
    int CLUSCTL_NODE_GET_COMMON_PROPERTIES = 0x04000059;

    /** Null asks the local node. Wrong from a 32-bit process on 64-bit Windows. */
    int GetNodeClusterState(@Nullable String nodeName, IntByReference clusterState);

    /** Null opens the local cluster. */
    @Nullable
    Pointer OpenClusterEx(@Nullable String clusterName, int desiredAccess, @Nullable IntByReference grantedAccess);

    boolean CloseCluster(Pointer cluster);

    int GetClusterInformation(Pointer cluster, char[] name, IntByReference nameLength, @Nullable Pointer versionInfo);

    @Nullable
    Pointer ClusterOpenEnum(Pointer cluster, int type);

    /** 259 is the end; 234 asks for a larger buffer, of the returned count plus one. */
    int ClusterEnum(Pointer enumeration, int index, IntByReference type, char[] name, IntByReference nameLength);

    int ClusterCloseEnum(Pointer enumeration);

    @Nullable
    Pointer OpenClusterNodeEx(Pointer cluster, String name, int desiredAccess, @Nullable IntByReference grantedAccess);

    boolean CloseClusterNode(Pointer node);

    /** -1 is a failure or an unknown state. */
    int GetClusterNodeState(Pointer node);

    /** With 234 it returns the size needed. */
    int ClusterNodeControl(
            Pointer node,
            @Nullable Pointer hostNode,
            int controlCode,
            @Nullable Pointer in,
            int inSize,
            byte[] out,
            int outSize,
            IntByReference bytesReturned);

    @Nullable
    Pointer OpenClusterResourceEx(
            Pointer cluster, String name, int desiredAccess, @Nullable IntByReference grantedAccess);

    boolean CloseClusterResource(Pointer resource);

    /** -1 is a failure or an unknown state; both buffers are optional. */
    int GetClusterResourceState(
            Pointer resource,
            char[] nodeName,
            IntByReference nodeNameLength,
            char @Nullable [] groupName,
            @Nullable IntByReference groupNameLength);

    /** With 234 it returns the size needed. */
    int ClusterResourceControl(
            Pointer resource,
            @Nullable Pointer hostNode,
            int controlCode,
            @Nullable Pointer in,
            int inSize,
            byte[] out,
            int outSize,
            IntByReference bytesReturned);
}
