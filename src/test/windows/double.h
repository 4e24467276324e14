/* Code shared by the test doubles of clusapi.dll and resutils.dll. The declarations follow clusapi.h and resapi.h of the Windows SDK,
   because those of the cross compiler are too old.

   The environment variable WINE_LAB_FOLDER names a folder with these files, in UTF-8, with fields separated by a bar. For a cluster with several
   nodes, WINE_LAB_CLUSTER names another folder with "cluster" and "states", which are the same for all nodes:
     cluster   the cluster, read again at each call:
                 version|N                                     a different N resets the counts of faults
                 service|STATE                                 the result of GetNodeClusterState; default: 19
                 grant|read                                    only read access is granted
                 node|NAME|STATE|STATUS|LIST|VERSION           STATUS empty: without the property; LIST common: in the common list, not in the read-only one;
                                                               VERSION such as 6.1; empty: without the property
                 disk|ID|STATE|OWNER|NAME
                 volume|DISK ID|FAULT STATE|GUID NAME|FRIENDLY PATH
                 io|DISK ID|STATE|REASONS|VOLUME REASONS|GUID NAME|NODE|FRIENDLY PATH    without a path: the format of Windows Server 2012
                 list|FORM                                     makes the list of volumes malformed or unusual
                 clear|lying                                   the clear returns 0 and does nothing
                 fail|FUNCTION|CODE|TIMES                      TIMES 0: always
                 delay|FUNCTION|MILLISECONDS
                 hang|FUNCTION|DISK ID                         hangs until the file "release" exists; without an id: for every disk
               FUNCTION may also be "powershell FILE", where FILE contains the answer: see powershell.c; or OpenSCManager: see manager.h
     states    GUID NAME|BACKUP STATE, one line for each volume whose state is not 0; a clear rewrites it
     log       one line for each call; "open KIND N" and "close KIND N" for handles, "bad handle" for a handle that is not open, "waited CALL"
               after a delay, "answered FILE" at the end of powershell */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define EXPORT __declspec(dllexport)
#define FIELDS 9
#define LINES 256
#define LINE_BYTES 1400

typedef struct {
    int fields;
    char *field[FIELDS];
} LAB_LINE;

typedef struct {
    int lines;
    LAB_LINE line[LINES];
    char *text;
} LAB_FILE;

static volatile LONG lab_busy;

static void lab_lock(void) {
    while (InterlockedCompareExchange(&lab_busy, 1, 0) != 0) Sleep(0);
}

static void lab_unlock(void) {
    InterlockedExchange(&lab_busy, 0);
}

static void lab_path(char *path, size_t size, const char *name) {
    int common = strcmp(name, "cluster") == 0 || strcmp(name, "states") == 0;
    const char *cluster = common ? getenv("WINE_LAB_CLUSTER") : NULL;
    const char *folder = cluster ? cluster : getenv("WINE_LAB_FOLDER");
    snprintf(path, size, "%s\\%s", folder ? folder : ".", name);
}

static FILE *lab_open(const char *name, const char *how) {
    char path[MAX_PATH];
    lab_path(path, sizeof path, name);
    return fopen(path, how);
}

static int lab_exists(const char *name) {
    FILE *file = lab_open(name, "rb");
    if (file) fclose(file);
    return file != NULL;
}

/* The whole file as lines of fields; empty if the file does not exist. The caller frees it. */
static LAB_FILE *lab_read(const char *name) {
    LAB_FILE *read = calloc(1, sizeof *read);
    FILE *file = lab_open(name, "rb");
    char *at;
    size_t length = 0;
    read->text = calloc(1, 256 * 1024);
    if (file) {
        length = fread(read->text, 1, 256 * 1024 - 1, file);
        fclose(file);
    }
    read->text[length] = 0;
    at = read->text;
    while (*at && read->lines < LINES) {
        LAB_LINE *line = &read->line[read->lines];
        char *end = strchr(at, '\n');
        if (end) *end = 0;
        if (*at) {
            char *field = at;
            while (field && line->fields < FIELDS) {
                char *bar = strchr(field, '|');
                if (bar) *bar = 0;
                line->field[line->fields++] = field;
                field = bar ? bar + 1 : NULL;
            }
            read->lines++;
        }
        if (!end) break;
        at = end + 1;
    }
    return read;
}

static void lab_free(LAB_FILE *read) {
    free(read->text);
    free(read);
}

/* The next line of the kind at or after the position, or NULL. */
static LAB_LINE *lab_next(LAB_FILE *read, const char *kind, int *at) {
    for (; *at < read->lines; (*at)++) {
        if (strcmp(read->line[*at].field[0], kind) == 0) return &read->line[(*at)++];
    }
    return NULL;
}

static LAB_LINE *lab_first(LAB_FILE *read, const char *kind) {
    int at = 0;
    return lab_next(read, kind, &at);
}

static const char *lab_field(const LAB_LINE *line, int index) {
    return line && index < line->fields ? line->field[index] : "";
}

static void lab_wide(const char *utf8, WCHAR *out, int count) {
    memset(out, 0, count * sizeof *out);
    MultiByteToWideChar(CP_UTF8, 0, utf8, -1, out, count);
    out[count - 1] = 0;
}

static void lab_utf8(const WCHAR *wide, char *out, int size) {
    memset(out, 0, size);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, out, size - 1, NULL, NULL);
}

static void lab_log(const char *line) {
    FILE *log = lab_open("log", "ab");
    if (log) {
        fprintf(log, "%s\n", line);
        fclose(log);
    }
}

#define LAB_FAULTS 64
static struct {
    char function[64];
    int used;
} lab_used[LAB_FAULTS];
static char lab_version[32];

static int *lab_count(const char *function) {
    int i;
    for (i = 0; i < LAB_FAULTS - 1 && lab_used[i].function[0]; i++) {
        if (strcmp(lab_used[i].function, function) == 0) return &lab_used[i].used;
    }
    snprintf(lab_used[i].function, sizeof lab_used[i].function, "%s", function);
    lab_used[i].used = 0;
    return &lab_used[i].used;
}

/* Logs the call, waits if the lab says so, and returns the code that the call must return; -1: the call runs normally. */
static int lab_enter_on(const char *disk, const char *function, const char *detail) {
    LAB_FILE *cluster;
    LAB_LINE *line;
    char text[LINE_BYTES];
    int at = 0, code = -1, delay = 0, hang = 0;
    lab_lock();
    snprintf(text, sizeof text, *detail ? "%s %s" : "%s", function, detail);
    lab_log(text);
    cluster = lab_read("cluster");
    line = lab_first(cluster, "version");
    if (strcmp(lab_version, lab_field(line, 1)) != 0) {
        snprintf(lab_version, sizeof lab_version, "%s", lab_field(line, 1));
        memset(lab_used, 0, sizeof lab_used);
    }
    while ((line = lab_next(cluster, "fail", &at)) != NULL) {
        int times = atoi(lab_field(line, 3));
        if (strcmp(lab_field(line, 1), function) == 0 && (times == 0 || *lab_count(function) < times)) {
            ++*lab_count(function);
            code = atoi(lab_field(line, 2));
        }
    }
    at = 0;
    while ((line = lab_next(cluster, "delay", &at)) != NULL) {
        if (strcmp(lab_field(line, 1), function) == 0) delay = atoi(lab_field(line, 2));
    }
    at = 0;
    while ((line = lab_next(cluster, "hang", &at)) != NULL) {
        const char *only = lab_field(line, 2);
        if (strcmp(lab_field(line, 1), function) == 0 && (!*only || strcmp(only, disk) == 0)) hang = 1;
    }
    lab_free(cluster);
    lab_unlock();
    if (delay) {
        char waited[LINE_BYTES];
        Sleep(delay);
        snprintf(waited, sizeof waited, "waited %s", function);
        lab_lock();
        lab_log(waited);
        lab_unlock();
    }
    while (hang && !lab_exists("release")) Sleep(20);
    return code;
}

static int lab_enter(const char *function, const char *detail) {
    return lab_enter_on("", function, detail);
}

static int lab_backup_state(const char *guid) {
    LAB_FILE *states = lab_read("states");
    int i, state = 0;
    for (i = 0; i < states->lines; i++) {
        if (strcmp(states->line[i].field[0], guid) == 0) state = atoi(lab_field(&states->line[i], 1));
    }
    lab_free(states);
    return state;
}
