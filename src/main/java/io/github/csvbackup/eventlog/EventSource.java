package io.github.csvbackup.eventlog;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The registration of the source in the registry, which tells the Event Viewer where the messages are. Needs an administrator. */
final class EventSource {
    static final String NAME = "CsvBackupAgent";
    static final String KEY = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" + NAME;

    /** Windows has it. Its messages 1 to 1000 are the text of the event. */
    private static final String MESSAGES = "%SystemRoot%\\System32\\EventCreate.exe";

    /** Errors, warnings and information. */
    private static final byte[] TYPES = {7, 0, 0, 0};

    private static final Pointer MACHINE = Pointer.createConstant(EventFunctions.HKEY_LOCAL_MACHINE);

    private final EventFunctions functions;

    EventSource(EventFunctions functions) {
        this.functions = functions;
    }

    /** Changes nothing if it is registered. */
    void register() throws IOException {
        PointerByReference created = new PointerByReference();
        check(
                "RegCreateKeyExW",
                functions.RegCreateKeyEx(MACHINE, KEY, 0, null, 0, EventFunctions.KEY_SET_VALUE, null, created, null));
        Pointer key = created.getValue();
        try {
            byte[] messages = (MESSAGES + "\0").getBytes(StandardCharsets.UTF_16LE);
            set(key, "EventMessageFile", EventFunctions.REG_EXPAND_SZ, messages);
            set(key, "TypesSupported", EventFunctions.REG_DWORD, TYPES);
        } finally {
            functions.RegCloseKey(key);
        }
    }

    private void set(Pointer key, String name, int type, byte[] data) throws IOException {
        check("RegSetValueExW", functions.RegSetValueEx(key, name, 0, type, data, data.length));
    }

    /** Does nothing if it is not registered. Events that were written stay. */
    void unregister() throws IOException {
        int code = functions.RegDeleteKey(MACHINE, KEY);
        if (code != EventFunctions.ERROR_FILE_NOT_FOUND) {
            check("RegDeleteKeyW", code);
        }
    }

    private static void check(String function, int code) throws IOException {
        if (code != 0) {
            throw new IOException(function + " failed with error " + code
                    + (code == 5 ? " (access denied); run this as administrator" : ""));
        }
    }
}
