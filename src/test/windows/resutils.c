/* A double of resutils.dll: the clear function as documented, or one that returns success and does nothing. It also accepts GUID names, which is
   not documented. With WITHOUT_CLEAR it lacks the function. */
#include "double.h"

#ifndef WITHOUT_CLEAR
static int is_on(const WCHAR *path, const char *root) {
    WCHAR wide[512];
    size_t length;
    lab_wide(root, wide, 511);
    wcscat(wide, L"\\");
    length = wcslen(wide);
    return _wcsnicmp(path, wide, length) == 0;
}

static int is_guid(const WCHAR *path, const char *guid) {
    WCHAR wide[512];
    lab_wide(guid, wide, 512);
    return _wcsicmp(path, wide) == 0;
}

static void clear(const char *guid) {
    LAB_FILE *states = lab_read("states");
    FILE *file = lab_open("states", "wb");
    int i;
    for (i = 0; file && i < states->lines; i++) {
        if (strcmp(states->line[i].field[0], guid) != 0) {
            fprintf(file, "%s|%s\n", states->line[i].field[0], lab_field(&states->line[i], 1));
        }
    }
    if (file) fclose(file);
    lab_free(states);
}

EXPORT DWORD WINAPI ClusterClearBackupStateForSharedVolume(LPCWSTR path) {
    char utf8[LINE_BYTES];
    LAB_FILE *cluster;
    LAB_LINE *line;
    DWORD result = ERROR_INVALID_PARAMETER;
    int at = 0, code;
    lab_utf8(path, utf8, sizeof utf8);
    code = lab_enter("ClusterClearBackupStateForSharedVolume", utf8);
    SetLastError(ERROR_GEN_FAILURE); /* callers must not read it: the return value is the error */
    if (code >= 0) return code;
    lab_lock();
    cluster = lab_read("cluster");
    while ((line = lab_next(cluster, "volume", &at)) != NULL) {
        if (is_on(path, lab_field(line, 4)) || is_guid(path, lab_field(line, 3))) {
            if (strcmp(lab_field(lab_first(cluster, "clear"), 1), "lying") != 0) clear(lab_field(line, 3));
            result = 0;
        }
    }
    lab_free(cluster);
    lab_unlock();
    return result;
}
#else
EXPORT void WINAPI SomethingElse(void) {
    lab_log("SomethingElse");
}
#endif
