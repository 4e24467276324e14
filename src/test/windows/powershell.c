/* A double of the system's powershell.exe, for the two queries that the agent runs with it. For shadow copies it prints the state of the VSS
   service (stopped on other nodes), starts that service on this node as the query does on Windows, prints the lab's file "shadows", or
   "shadows-NODE" if the query names a node, and logs the call. For virtual machines it logs "hyper-v" and prints the file "machines"; without
   that file the node has no Hyper-V. The first line of a file may be
     !exit N     prints the rest and exits with that code
     !hang       never ends */
#include "double.h"

static const char *service_states[] = {
    "Stopped", "Start Pending", "Stop Pending", "Running", "Continue Pending", "Pause Pending", "Paused"};

/* The state in the words of Win32_Service; empty if the service cannot be queried. */
static const char *vss_state(void) {
    SERVICE_STATUS status = {0};
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = manager ? OpenServiceA(manager, "VSS", SERVICE_QUERY_STATUS) : NULL;
    int asked = service && QueryServiceStatus(service, &status);
    if (service) CloseServiceHandle(service);
    if (manager) CloseServiceHandle(manager);
    return asked && status.dwCurrentState >= 1 && status.dwCurrentState <= 7 ? service_states[status.dwCurrentState - 1] : "";
}

/* Starts the service and waits until it runs. */
static void start_vss(void) {
    SERVICE_STATUS status = {0};
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = manager ? OpenServiceA(manager, "VSS", SERVICE_QUERY_STATUS | SERVICE_START) : NULL;
    if (service) StartServiceA(service, 0, NULL);
    while (service && QueryServiceStatus(service, &status) && status.dwCurrentState == SERVICE_START_PENDING) Sleep(10);
    if (service) CloseServiceHandle(service);
    if (manager) CloseServiceHandle(manager);
}

/* Prints the file; the exit code that it asks for. */
static int print_file(const char *name) {
    char line[LINE_BYTES];
    int code = 0;
    FILE *file = lab_open(name, "rb");
    if (!file) return 8;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "!exit ", 6) == 0) {
            code = atoi(line + 6);
        } else if (strncmp(line, "!hang", 5) == 0) {
            for (;;) Sleep(1000);
        } else {
            fputs(line, stdout);
        }
    }
    fclose(file);
    return code;
}

static int print_machines(const char *script) {
    if (!strstr(script, "Msvm_VirtualSystemSettingData") || !strstr(script, "Msvm_DiskMergeSettingData")) return 9;
    lab_log("hyper-v");
    if (lab_exists("machines")) return print_file("machines");
    printf("hyperv=none.\n");
    return 0;
}

int main(int argc, char **argv) {
    const char *script = argc > 1 ? argv[argc - 1] : "";
    const char *computer = strstr(script, "-ComputerName '");
    char name[300] = "shadows", text[400];
    int code = 0;
    if (strstr(script, "Msvm_ComputerSystem")) return print_machines(script);
    if (computer) {
        char *end;
        snprintf(name, sizeof name, "shadows-%s", computer + strlen("-ComputerName '"));
        end = strchr(name, '\'');
        if (end) *end = 0;
    }
    snprintf(text, sizeof text, "powershell %s", name);
    code = lab_enter(text, "");
    if (code > 0) return code;
    code = 0;
    if (!strstr(script, "Win32_ShadowCopy") || !strstr(script, "Win32_Volume") || !strstr(script, "Win32_Service -Filter 'Name=''VSS'''")) return 9;
    printf("vss=%s\n", computer ? service_states[0] : vss_state());
    /* All nodes of the lab share one service manager: a start for another node would be visible before the query of this node. */
    if (!computer) start_vss();
    code = print_file(name);
    snprintf(text, sizeof text, "answered %s", name);
    lab_log(text);
    return code;
}
