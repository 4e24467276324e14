/* A double of clusapi.dll: one cluster LAB with the node LABNODE and the disk "Cluster Disk 1", which holds one shared volume. */
#include "double.h"

#define CLUSTER ((void *)0x7100000011ULL)
#define ENUM_NODES ((void *)0x7100000022ULL)
#define ENUM_DISKS ((void *)0x7100000033ULL)
#define RESOURCE ((void *)0x7100000044ULL)
#define NODE ((void *)0x7100000055ULL)

typedef struct {
    ULARGE_INTEGER VolumeOffset;
    DWORD PartitionNumber;
    int FaultState;
    int BackupState;
    WCHAR szVolumeFriendlyName[260];
    WCHAR szVolumeName[50];
} CSV_VOLUME_INFO;
_Static_assert(sizeof(CSV_VOLUME_INFO) == 640, "CLUS_CSV_VOLUME_INFO");

static DWORD answer(const WCHAR *text, WCHAR *out, DWORD *count) {
    DWORD needed = (DWORD)wcslen(text);
    if (out == NULL || *count <= needed) {
        *count = needed;
        return ERROR_MORE_DATA;
    }
    wcscpy(out, text);
    *count = needed;
    return 0;
}

EXPORT DWORD WINAPI GetNodeClusterState(LPCWSTR node, LPDWORD state) {
    (void)node;
    lab_log("GetNodeClusterState");
    *state = 19;
    return 0;
}

EXPORT void *WINAPI OpenClusterEx(LPCWSTR name, DWORD access, DWORD *granted) {
    if (name != NULL || access != GENERIC_READ) {
        SetLastError(ERROR_ACCESS_DENIED);
        return NULL;
    }
    lab_log("OpenClusterEx");
    if (granted) *granted = 1;
    return CLUSTER;
}

EXPORT BOOL WINAPI CloseCluster(void *cluster) {
    lab_log("CloseCluster");
    return cluster == CLUSTER;
}

EXPORT DWORD WINAPI GetClusterInformation(void *cluster, LPWSTR name, LPDWORD count, void *version) {
    (void)version;
    return cluster == CLUSTER ? answer(L"LAB", name, count) : ERROR_INVALID_HANDLE;
}

EXPORT void *WINAPI ClusterOpenEnum(void *cluster, DWORD type) {
    if (cluster == CLUSTER && type == 1) return ENUM_NODES;
    if (cluster == CLUSTER && type == 0x40000000) return ENUM_DISKS;
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

EXPORT DWORD WINAPI ClusterEnum(void *list, DWORD index, LPDWORD type, LPWSTR name, LPDWORD count) {
    if (list != ENUM_NODES && list != ENUM_DISKS) return ERROR_INVALID_HANDLE;
    if (index > 0) return ERROR_NO_MORE_ITEMS;
    *type = list == ENUM_NODES ? 1 : 4;
    return answer(list == ENUM_NODES ? L"LABNODE" : L"Cluster Disk 1", name, count);
}

EXPORT DWORD WINAPI ClusterCloseEnum(void *list) {
    return list == ENUM_NODES || list == ENUM_DISKS ? 0 : ERROR_INVALID_HANDLE;
}

EXPORT void *WINAPI OpenClusterNodeEx(void *cluster, LPCWSTR name, DWORD access, DWORD *granted) {
    (void)granted;
    if (cluster == CLUSTER && access == GENERIC_READ && wcscmp(name, L"LABNODE") == 0) return NODE;
    SetLastError(5042);
    return NULL;
}

EXPORT BOOL WINAPI CloseClusterNode(void *node) {
    return node == NODE;
}

EXPORT int WINAPI GetClusterNodeState(void *node) {
    return node == NODE ? 0 : -1;
}

EXPORT void *WINAPI OpenClusterResourceEx(void *cluster, LPCWSTR name, DWORD access, DWORD *granted) {
    (void)granted;
    if (cluster == CLUSTER && access == GENERIC_READ && wcscmp(name, L"Cluster Disk 1") == 0) return RESOURCE;
    SetLastError(5007);
    return NULL;
}

EXPORT BOOL WINAPI CloseClusterResource(void *resource) {
    return resource == RESOURCE;
}

EXPORT int WINAPI GetClusterResourceState(void *resource, LPWSTR node, LPDWORD nodes, LPWSTR group, LPDWORD groups) {
    (void)group;
    (void)groups;
    if (resource != RESOURCE || answer(L"LABNODE", node, nodes) != 0) {
        SetLastError(ERROR_INVALID_HANDLE);
        return -1;
    }
    return 2;
}

EXPORT DWORD WINAPI ClusterResourceControl(void *resource, void *host, DWORD code, void *in, DWORD in_size, void *out,
        DWORD out_size, LPDWORD returned) {
    static const WCHAR id[] = L"2936f4ed-0000-4000-8000-00000000c5f1";
    struct { DWORD syntax; DWORD length; CSV_VOLUME_INFO info; DWORD end; } list;
    const void *data = &list;
    DWORD size = 652;
    (void)host;
    (void)in;
    (void)in_size;
    if (resource != RESOURCE) return ERROR_INVALID_HANDLE;
    if (code == 0x01000039) {
        data = id;
        size = sizeof id;
    } else if (code == 0x01000225) {
        memset(&list, 0, sizeof list);
        list.syntax = 0x00010001;
        list.length = sizeof list.info;
        list.info.PartitionNumber = 1;
        list.info.BackupState = lab_state();
        list.info.FaultState = list.info.BackupState ? 1 : 0;
        wcscpy(list.info.szVolumeFriendlyName, ROOT);
        memcpy(list.info.szVolumeName, L"\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\", 49 * sizeof(WCHAR));
    } else {
        return ERROR_INVALID_FUNCTION;
    }
    *returned = size;
    if (out_size < size) return ERROR_MORE_DATA;
    memcpy(out, data, size);
    return 0;
}
