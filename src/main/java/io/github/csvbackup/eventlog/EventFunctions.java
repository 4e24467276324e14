package io.github.csvbackup.eventlog;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/**
 * Functions of advapi32.dll, as in winbase.h and winreg.h. Those of the event log set GetLastError on failure; those of the registry return their code.
 */
interface EventFunctions extends StdCallLibrary {
    /** {@code HKEY_LOCAL_MACHINE}: 0x80000002 with its sign. */
    long HKEY_LOCAL_MACHINE = 0xFFFFFFFF80000002L;

    int KEY_SET_VALUE = 0x2;
    int REG_EXPAND_SZ = 2;
    int REG_DWORD = 4;
    int ERROR_FILE_NOT_FOUND = 2;

    /**
     * Opens the log of a source. Also works for one that is not registered; then the Event Viewer finds no message.
     *
     * @param server null: this machine
     */
    @Nullable
    Pointer RegisterEventSource(@Nullable String server, String source);

    /**
     * Writes an event.
     *
     * @param strings each at most 31,839 characters, without {@code %1} and the like
     */
    boolean ReportEvent(
            Pointer log,
            short type,
            short category,
            int id,
            @Nullable Pointer user,
            short stringCount,
            int dataSize,
            String[] strings,
            @Nullable Pointer data);

    boolean DeregisterEventSource(Pointer log);

    /** Creates a key, or opens it; the caller closes it. */
    int RegCreateKeyEx(
            Pointer parent,
            String path,
            int reserved,
            @Nullable String keyClass,
            int options,
            int access,
            @Nullable Pointer security,
            PointerByReference key,
            @Nullable Pointer disposition);

    int RegSetValueEx(Pointer key, String name, int reserved, int type, byte[] data, int size);

    int RegCloseKey(Pointer key);

    /** Deletes a key without subkeys. */
    int RegDeleteKey(Pointer parent, String path);
}
