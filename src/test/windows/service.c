/* A Windows service that does nothing until it is stopped. It replaces VSS. */
#include <windows.h>

static SERVICE_STATUS_HANDLE handle;
static SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, SERVICE_RUNNING, SERVICE_ACCEPT_STOP, 0, 0, 0, 0};
static HANDLE stopped;

static void WINAPI control(DWORD code) {
    if (code == SERVICE_CONTROL_STOP) {
        status.dwCurrentState = SERVICE_STOPPED;
        SetServiceStatus(handle, &status);
        SetEvent(stopped);
    }
}

static void WINAPI run(DWORD argc, LPWSTR *argv) {
    (void)argc;
    (void)argv;
    stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    handle = RegisterServiceCtrlHandlerW(L"VSS", control);
    SetServiceStatus(handle, &status);
    WaitForSingleObject(stopped, INFINITE);
}

int main(void) {
    SERVICE_TABLE_ENTRYW table[] = {{L"VSS", run}, {NULL, NULL}};
    return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
