/* A double of resutils.dll: the clear, as its documentation says, and a lying one. */
#include "double.h"

EXPORT DWORD WINAPI ClusterClearBackupStateForSharedVolume(LPCWSTR path) {
    char line[1024];
    FILE *state;
    snprintf(line, sizeof line, "ClusterClearBackupStateForSharedVolume %ls", path);
    lab_log(line);
    SetLastError(ERROR_GEN_FAILURE); /* must not be read: the return value is the error */
    if (lab_mode_is("refusing") || _wcsnicmp(path, ROOT L"\\", wcslen(ROOT L"\\")) != 0) return ERROR_INVALID_PARAMETER;
    if (lab_mode_is("lying")) return 0;
    state = lab_open("state", "w");
    if (!state) return ERROR_ACCESS_DENIED;
    fputs("0", state);
    fclose(state);
    return 0;
}
