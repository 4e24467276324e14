package io.github.csvbackup.service;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** A handle of the service control manager that closes itself. */
record ScHandle(Advapi32 api, Pointer pointer) implements AutoCloseable {
    /** Call it right after the open function, on the same thread, because it reads GetLastError. */
    static ScHandle of(Advapi32 api, String function, @Nullable Pointer opened) throws ServiceException {
        if (opened == null) {
            throw ServiceException.win32(function, Native.getLastError());
        }
        return new ScHandle(api, opened);
    }

    @Override
    public void close() {
        api.CloseServiceHandle(pointer);
    }
}
