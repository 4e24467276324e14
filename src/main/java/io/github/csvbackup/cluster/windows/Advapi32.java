package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/** Reading functions of the service control manager, as in winsvc.h, and the name of the account. On failure, GetLastError returns the code. */
interface Advapi32 extends StdCallLibrary {
    int SC_MANAGER_CONNECT = 0x1;
    int SERVICE_QUERY_STATUS = 0x4;
    int SC_STATUS_PROCESS_INFO = 0;

    /**
     * Opens the service control manager.
     *
     * @param machine null: this machine
     */
    @Nullable
    Pointer OpenSCManager(@Nullable String machine, String database, int access);

    @Nullable
    Pointer OpenService(Pointer manager, String name, int access);

    boolean QueryServiceStatusEx(Pointer service, int level, byte[] status, int size, IntByReference needed);

    boolean CloseServiceHandle(Pointer handle);

    /**
     * The name of this thread's account, without its domain; {@code SYSTEM} for LocalSystem (winbase.h).
     *
     * @param size in: WCHARs with the closing NUL; out: those written
     */
    boolean GetUserName(char[] name, IntByReference size);
}
