/* A double of clusapi.dll: simulates the cluster in the lab's files, and checks handles and access rights. */
#include "double.h"
#include "manager.h"

#define HANDLES 262144
#define FIRST_HANDLE 0x7100000000ULL
#define MODIFY 0x00400000

typedef enum { FREE, CLUSTER, NODES, DISKS, NODE, DISK } KIND;
static const char *kind_names[] = {"free", "cluster", "enumeration", "enumeration", "node", "disk"};
static struct {
    KIND kind;
    DWORD access;
    char name[64];
} handles[HANDLES];
static int next_handle = 1;

typedef struct {
    ULARGE_INTEGER VolumeOffset;
    DWORD PartitionNumber;
    int FaultState;
    int BackupState;
    WCHAR szVolumeFriendlyName[260];
    WCHAR szVolumeName[50];
} CSV_VOLUME_INFO;
_Static_assert(sizeof(CSV_VOLUME_INFO) == 640, "CLUS_CSV_VOLUME_INFO");

typedef struct {
    WCHAR szVolumeName[260];
    WCHAR szNodeName[260];
    int VolumeState;
    WCHAR szVolumeFriendlyName[260];
    ULONGLONG RedirectedIOReason;
    ULONGLONG VolumeRedirectedIOReason;
} VOLUME_STATE_INFO_EX;
_Static_assert(sizeof(VOLUME_STATE_INFO_EX) == 1584, "CLUSTER_SHARED_VOLUME_STATE_INFO_EX");

/* Handle values are never reused, so the use of a closed handle is detected. */
static void *open_handle(KIND kind, DWORD access, const char *name) {
    char line[64];
    void *handle = NULL;
    lab_lock();
    if (next_handle < HANDLES) {
        int i = next_handle++;
        handles[i].kind = kind;
        handles[i].access = access;
        snprintf(handles[i].name, sizeof handles[i].name, "%s", name);
        snprintf(line, sizeof line, "open %s %d", kind_names[kind], i);
        lab_log(line);
        handle = (void *)(FIRST_HANDLE + i);
    }
    lab_unlock();
    return handle;
}

static int find(void *handle, KIND kind) {
    ULONGLONG i = (ULONGLONG)handle - FIRST_HANDLE;
    if (i > 0 && i < HANDLES && handles[i].kind == kind) return (int)i;
    lab_lock();
    lab_log("bad handle");
    lab_unlock();
    return 0;
}

static int close_handle(void *handle, KIND kind) {
    int i = find(handle, kind);
    char line[64];
    if (!i) return 0;
    lab_lock();
    snprintf(line, sizeof line, "close %s %d", kind_names[kind], i);
    lab_log(line);
    handles[i].kind = FREE;
    lab_unlock();
    return 1;
}

static void *fail(int code) {
    SetLastError(code);
    return NULL;
}

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

static DWORD answer_utf8(const char *utf8, WCHAR *out, DWORD *count) {
    WCHAR wide[1024];
    lab_wide(utf8, wide, 1024);
    return answer(wide, out, count);
}

static int service_state(void) {
    LAB_FILE *cluster = lab_read("cluster");
    LAB_LINE *line = lab_first(cluster, "service");
    int state = line ? atoi(lab_field(line, 1)) : 19;
    lab_free(cluster);
    return state;
}

static int read_only(void) {
    LAB_FILE *cluster = lab_read("cluster");
    int only = strcmp(lab_field(lab_first(cluster, "grant"), 1), "read") == 0;
    lab_free(cluster);
    return only;
}

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, void *reserved) {
    (void)library;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) replace_manager();
    return TRUE;
}

EXPORT DWORD WINAPI GetNodeClusterState(LPCWSTR node, LPDWORD state) {
    int code = lab_enter("GetNodeClusterState", "");
    if (node != NULL) return ERROR_INVALID_PARAMETER;
    if (code >= 0) return code;
    *state = service_state();
    return 0;
}

EXPORT void *WINAPI OpenClusterEx(LPCWSTR name, DWORD access, DWORD *granted) {
    int code = lab_enter("OpenClusterEx", access == GENERIC_READ ? "read" : access == GENERIC_ALL ? "all" : "maximum");
    if (name != NULL) return fail(ERROR_INVALID_PARAMETER);
    if (code >= 0) return fail(code);
    if (service_state() != 19) return fail(1753);
    if (access == GENERIC_ALL && read_only()) return fail(ERROR_ACCESS_DENIED);
    if (granted) *granted = access == GENERIC_READ || read_only() ? 1 : 3;
    return open_handle(CLUSTER, access, "");
}

EXPORT BOOL WINAPI CloseCluster(void *cluster) {
    lab_enter("CloseCluster", "");
    return close_handle(cluster, CLUSTER);
}

EXPORT DWORD WINAPI GetClusterInformation(void *cluster, LPWSTR name, LPDWORD count, void *version) {
    int code = lab_enter("GetClusterInformation", "");
    (void)version;
    if (!find(cluster, CLUSTER)) return ERROR_INVALID_HANDLE;
    return code >= 0 ? (DWORD)code : answer(L"LAB", name, count);
}

EXPORT void *WINAPI ClusterOpenEnum(void *cluster, DWORD type) {
    int code = lab_enter("ClusterOpenEnum", type == 1 ? "nodes" : type == 0x40000000 ? "disks" : "wrong");
    if (!find(cluster, CLUSTER)) return fail(ERROR_INVALID_HANDLE);
    if (type != 1 && type != 0x40000000) return fail(ERROR_INVALID_PARAMETER);
    return code >= 0 ? fail(code) : open_handle(type == 1 ? NODES : DISKS, 0, "");
}

EXPORT DWORD WINAPI ClusterEnum(void *list, DWORD index, LPDWORD type, LPWSTR name, LPDWORD count) {
    int code = lab_enter("ClusterEnum", "");
    ULONGLONG i = (ULONGLONG)list - FIRST_HANDLE;
    int nodes = i < HANDLES && handles[i].kind == NODES;
    LAB_FILE *cluster;
    LAB_LINE *line = NULL;
    int at = 0;
    DWORD n, result;
    if (!nodes && !find(list, DISKS)) return ERROR_INVALID_HANDLE;
    if (code >= 0) return code;
    cluster = lab_read("cluster");
    for (n = 0; n <= index; n++) line = lab_next(cluster, nodes ? "node" : "disk", &at);
    *type = nodes ? 1 : 4;
    result = line ? answer_utf8(lab_field(line, nodes ? 1 : 4), name, count) : ERROR_NO_MORE_ITEMS;
    lab_free(cluster);
    return result;
}

EXPORT DWORD WINAPI ClusterCloseEnum(void *list) {
    ULONGLONG i = (ULONGLONG)list - FIRST_HANDLE;
    int nodes = i < HANDLES && handles[i].kind == NODES;
    lab_enter("ClusterCloseEnum", "");
    return close_handle(list, nodes ? NODES : DISKS) ? 0 : ERROR_INVALID_HANDLE;
}

/* Finds the line of a node by name, or of a disk by name or id. */
static LAB_LINE *object(LAB_FILE *cluster, const char *kind, const char *name) {
    int at = 0;
    LAB_LINE *line;
    while ((line = lab_next(cluster, kind, &at)) != NULL) {
        int named = strcmp(kind, "node") == 0 ? 1 : 4;
        if (strcmp(lab_field(line, named), name) == 0 || strcmp(lab_field(line, 1), name) == 0) return line;
    }
    return NULL;
}

static void *open_object(const char *function, void *cluster, LPCWSTR name, DWORD access, DWORD *granted, KIND kind) {
    char utf8[LINE_BYTES];
    LAB_FILE *file;
    LAB_LINE *line;
    void *handle;
    int code;
    lab_utf8(name, utf8, sizeof utf8);
    code = lab_enter(function, utf8);
    if (!find(cluster, CLUSTER)) return fail(ERROR_INVALID_HANDLE);
    if (code >= 0) return fail(code);
    if (access == GENERIC_ALL && read_only()) return fail(ERROR_ACCESS_DENIED);
    file = lab_read("cluster");
    line = object(file, kind == NODE ? "node" : "disk", utf8);
    handle = line ? open_handle(kind, access, lab_field(line, 1)) : fail(kind == NODE ? 5042 : 5007);
    lab_free(file);
    if (granted) *granted = access == GENERIC_ALL ? 3 : 1;
    return handle;
}

EXPORT void *WINAPI OpenClusterNodeEx(void *cluster, LPCWSTR name, DWORD access, DWORD *granted) {
    return open_object("OpenClusterNodeEx", cluster, name, access, granted, NODE);
}

EXPORT BOOL WINAPI CloseClusterNode(void *node) {
    lab_enter("CloseClusterNode", "");
    return close_handle(node, NODE);
}

EXPORT int WINAPI GetClusterNodeState(void *node) {
    int code = lab_enter("GetClusterNodeState", "");
    int i = find(node, NODE), state;
    LAB_FILE *cluster;
    LAB_LINE *line;
    if (!i || code >= 0) {
        SetLastError(i ? code : ERROR_INVALID_HANDLE);
        return -1;
    }
    cluster = lab_read("cluster");
    line = object(cluster, "node", handles[i].name);
    state = line ? atoi(lab_field(line, 2)) : -1;
    if (!line) SetLastError(5042);
    lab_free(cluster);
    return state;
}

/* Adds a property with a number to a property list. */
static DWORD *property(DWORD *at, const WCHAR *name, DWORD value) {
    DWORD size = (DWORD)((wcslen(name) + 1) * sizeof(WCHAR));
    *at++ = 0x00040003;
    *at++ = size;
    memcpy(at, name, size);
    at += (size + 3) / 4;
    *at++ = 0x00010002;
    *at++ = 4;
    *at++ = value;
    *at++ = 0;
    return at;
}

/* Builds a property list: NodeHighestVersion, and StatusInformation and the version if the node has them in this list. */
EXPORT DWORD WINAPI ClusterNodeControl(void *node, void *host, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
        LPDWORD returned) {
    int fault = lab_enter("ClusterNodeControl", code == 0x04000055 ? "read-only" : "common");
    int i = find(node, NODE);
    BYTE list[512] = {0};
    DWORD *at = (DWORD *)list + 1, size;
    LAB_FILE *cluster;
    LAB_LINE *line;
    const char *status, *version;
    (void)host;
    (void)in;
    (void)in_size;
    if (!i) return ERROR_INVALID_HANDLE;
    if (fault >= 0) return fault;
    cluster = lab_read("cluster");
    line = object(cluster, "node", handles[i].name);
    status = lab_field(line, 3);
    version = lab_field(line, 5);
    at = property(at, L"NodeHighestVersion", 0xA0000);
    *(DWORD *)list = 1;
    if (code == (strcmp(lab_field(line, 4), "common") == 0 ? 0x04000059 : 0x04000055)) {
        if (*status) {
            at = property(at, L"StatusInformation", atoi(status));
            ++*(DWORD *)list;
        }
        if (strchr(version, '.')) {
            at = property(at, L"MajorVersion", atoi(version));
            at = property(at, L"MinorVersion", atoi(strchr(version, '.') + 1));
            *(DWORD *)list += 2;
        }
    }
    lab_free(cluster);
    size = (DWORD)((BYTE *)at - list);
    *returned = size;
    if (out_size < size) return ERROR_MORE_DATA;
    memcpy(out, list, size);
    return 0;
}

EXPORT void *WINAPI OpenClusterResourceEx(void *cluster, LPCWSTR name, DWORD access, DWORD *granted) {
    return open_object("OpenClusterResourceEx", cluster, name, access, granted, DISK);
}

EXPORT BOOL WINAPI CloseClusterResource(void *resource) {
    lab_enter("CloseClusterResource", "");
    return close_handle(resource, DISK);
}

EXPORT int WINAPI GetClusterResourceState(void *resource, LPWSTR node, LPDWORD nodes, LPWSTR group, LPDWORD groups) {
    int i = find(resource, DISK), state = -1;
    int code = lab_enter_on(i ? handles[i].name : "", "GetClusterResourceState", "");
    LAB_FILE *cluster;
    LAB_LINE *line;
    (void)group;
    (void)groups;
    if (!i || code >= 0) {
        SetLastError(i ? code : ERROR_INVALID_HANDLE);
        return -1;
    }
    cluster = lab_read("cluster");
    line = object(cluster, "disk", handles[i].name);
    if (!line) {
        SetLastError(5007);
    } else if (answer_utf8(lab_field(line, 3), node, nodes) != 0) {
        SetLastError(ERROR_MORE_DATA);
    } else {
        state = atoi(lab_field(line, 2));
    }
    lab_free(cluster);
    return state;
}

static DWORD volume_list(LAB_FILE *cluster, const char *disk, BYTE *list) {
    const char *form = lab_field(lab_first(cluster, "list"), 1);
    DWORD item = strcmp(form, "larger") == 0 ? 645 : 640, padded = (item + 3) & ~3u;
    BYTE *at = list;
    LAB_LINE *line;
    int next = 0;
    if (strcmp(form, "property") == 0) {
        static const WCHAR name[] = L"Volumes";
        DWORD head[] = {1, 0x00040003, sizeof name};
        memcpy(at, head, sizeof head);
        memcpy(at + sizeof head, name, sizeof name);
        at += sizeof head + ((sizeof name + 3) & ~3u);
    }
    while ((line = lab_next(cluster, "volume", &next)) != NULL) {
        CSV_VOLUME_INFO info;
        DWORD head[] = {0x00010001, strcmp(form, "short") == 0 ? 639 : item};
        if (strcmp(lab_field(line, 1), disk) != 0) continue;
        memset(&info, 0, sizeof info);
        info.PartitionNumber = 1;
        info.FaultState = atoi(lab_field(line, 2));
        info.BackupState = lab_backup_state(lab_field(line, 3));
        lab_wide(lab_field(line, 4), info.szVolumeFriendlyName, 260);
        lab_wide(lab_field(line, 3), info.szVolumeName, 50);
        memcpy(at, head, sizeof head);
        memcpy(at + sizeof head, &info, sizeof info);
        at += sizeof head + padded;
    }
    if (strcmp(form, "garbage") == 0) memset(list, 0x5A, at - list);
    if (strcmp(form, "empty") == 0) memset(at = list, 0, 4);
    if (strcmp(form, "noend") != 0) at += 4;
    if (strcmp(form, "truncated") == 0) at -= 100;
    return (DWORD)(at - list);
}

static DWORD state_list(LAB_FILE *cluster, const char *disk, BYTE *list) {
    BYTE *at = list;
    LAB_LINE *line;
    int next = 0;
    while ((line = lab_next(cluster, "io", &next)) != NULL) {
        VOLUME_STATE_INFO_EX info;
        DWORD size = line->fields > 7 ? sizeof info : 1044;
        DWORD head[] = {0x00010001, size};
        if (strcmp(lab_field(line, 1), disk) != 0) continue;
        memset(&info, 0, sizeof info);
        lab_wide(lab_field(line, 5), info.szVolumeName, 260);
        lab_wide(lab_field(line, 6), info.szNodeName, 260);
        info.VolumeState = atoi(lab_field(line, 2));
        info.RedirectedIOReason = strtoull(lab_field(line, 3), NULL, 0);
        info.VolumeRedirectedIOReason = strtoull(lab_field(line, 4), NULL, 0);
        lab_wide(lab_field(line, 7), info.szVolumeFriendlyName, 260);
        memcpy(at, head, sizeof head);
        memcpy(at + sizeof head, &info, size);
        at += sizeof head + size;
    }
    return (DWORD)(at + 4 - list);
}

EXPORT DWORD WINAPI ClusterResourceControl(void *resource, void *host, DWORD code, void *in, DWORD in_size, void *out,
        DWORD out_size, LPDWORD returned) {
    static int grown;
    char detail[16];
    int fault, i = find(resource, DISK);
    LAB_FILE *cluster;
    BYTE *list;
    DWORD size = 0, result = 0;
    const char *form;
    (void)in;
    (void)in_size;
    snprintf(detail, sizeof detail, "%08lx", (unsigned long)code);
    fault = lab_enter_on(i ? handles[i].name : "", "ClusterResourceControl", detail);
    if (!i) return ERROR_INVALID_HANDLE;
    if (host != NULL) return 5015;
    if (fault >= 0) {
        *returned = 0x7FFFFFFF; /* unreliable on errors */
        return fault;
    }
    if ((code & MODIFY) != 0 && handles[i].access != GENERIC_ALL) return ERROR_ACCESS_DENIED;
    cluster = lab_read("cluster");
    list = calloc(1, 1024 * 1024);
    form = lab_field(lab_first(cluster, "list"), 1);
    if (code == 0x01000039) {
        WCHAR id[64];
        lab_wide(handles[i].name, id, 64);
        size = (DWORD)((wcslen(id) + 1) * sizeof(WCHAR));
        memcpy(list, id, size);
    } else if (code == 0x01000225) {
        size = volume_list(cluster, handles[i].name, list);
        if (strcmp(form, "endless") == 0) size = out_size + 1;
        if (strcmp(form, "growing") == 0 && ++grown % 3 != 0) size = out_size + 1000;
    } else if (code == 0x014002A2) {
        size = state_list(cluster, handles[i].name, list);
    } else {
        result = ERROR_INVALID_FUNCTION;
    }
    *returned = size;
    if (result == 0 && out_size < size) result = ERROR_MORE_DATA;
    if (result == 0) memcpy(out, list, size);
    free(list);
    lab_free(cluster);
    return result;
}
