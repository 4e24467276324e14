/* The service control managers of other machines. For Wine the name of any machine means this one. In a process with the double of clusapi.dll,
   OpenSCManager for another machine is logged as "OpenSCManager NAME" and can have faults, as a function of the cluster. */

static SC_HANDLE(WINAPI *real_manager)(LPCWSTR, LPCWSTR, DWORD);

static SC_HANDLE WINAPI lab_manager(LPCWSTR machine, LPCWSTR database, DWORD access) {
    char utf8[LINE_BYTES];
    int code = -1;
    if (machine) {
        lab_utf8(machine, utf8, sizeof utf8);
        code = lab_enter("OpenSCManager", utf8);
    }
    if (code >= 0) {
        SetLastError(code);
        return NULL;
    }
    return real_manager(machine, database, access);
}

/* advapi32.dll imports the function from sechost.dll and passes calls on to it: its import is replaced. */
static void replace_manager(void) {
    BYTE *base = (BYTE *)GetModuleHandleA("advapi32.dll");
    HMODULE source = GetModuleHandleA("sechost.dll");
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    IMAGE_IMPORT_DESCRIPTOR *from = (IMAGE_IMPORT_DESCRIPTOR *)(base + imports);
    FARPROC function = source ? GetProcAddress(source, "OpenSCManagerW") : NULL;
    real_manager = (void *)function;
    for (; function && from->Name; from++) {
        FARPROC *import = (FARPROC *)(base + from->FirstThunk);
        for (; *import; import++) {
            DWORD protection;
            if (*import == function && VirtualProtect(import, sizeof *import, PAGE_READWRITE, &protection)) {
                *import = (FARPROC)(void *)lab_manager;
                VirtualProtect(import, sizeof *import, protection, &protection);
                return;
            }
        }
    }
    lab_log("OpenSCManager cannot be replaced");
}
