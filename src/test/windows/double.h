/* What both doubles share: a state file, a log, and a mode, in the folder that the environment variable CSV_BACKUP_LAB names.
   state: one digit, the backup state. mode: empty (as documented), or "lying" (the clear returns 0 and does nothing).
   log: one line a call. Declarations follow clusapi.h and resapi.h of the Windows SDK; the cross compiler's own are too old. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define EXPORT __declspec(dllexport)
#define ROOT L"C:\\ClusterStorage\\Volume1"

static FILE *lab_open(const char *name, const char *how) {
    char path[1024];
    const char *folder = getenv("CSV_BACKUP_LAB");
    snprintf(path, sizeof path, "%s\\%s", folder ? folder : ".", name);
    return fopen(path, how);
}

static void lab_log(const char *line) {
    FILE *log = lab_open("log", "a");
    if (log) {
        fprintf(log, "%s\n", line);
        fclose(log);
    }
}

static int lab_state(void) {
    FILE *file = lab_open("state", "r");
    int state = 0;
    if (file) {
        if (fscanf(file, "%d", &state) != 1) state = 0;
        fclose(file);
    }
    return state;
}

static int lab_mode_is(const char *mode) {
    char text[64] = "";
    FILE *file = lab_open("mode", "r");
    if (file) {
        if (fscanf(file, "%63s", text) != 1) text[0] = 0;
        fclose(file);
    }
    return strcmp(text, mode) == 0;
}
