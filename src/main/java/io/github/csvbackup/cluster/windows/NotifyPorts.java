package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/** Change notifications of ClusAPI.dll: Windows Server 2012 and later. NOTIFY_FILTER_AND_TYPE is 16 bytes: a DWORD, padding, a 64-bit mask. */
interface NotifyPorts extends StdCallLibrary {
    int WAIT_TIMEOUT = 258;

    /**
     * Makes a port.
     *
     * @param port -1 makes a new one
     * @return null on failure, the code is GetLastError
     */
    @Nullable
    Pointer CreateClusterNotifyPortV2(Pointer port, Pointer cluster, byte[] filters, int count, Pointer key);

    /** 0: an event; 258: none in time; 234: a buffer is too small, and the event is kept. All buffers are optional. */
    int GetClusterNotifyV2(
            Pointer port,
            LongByReference key,
            byte[] filterAndType,
            byte @Nullable [] buffer,
            @Nullable IntByReference bufferSize,
            char @Nullable [] objectId,
            @Nullable IntByReference objectIdLength,
            char @Nullable [] parentId,
            @Nullable IntByReference parentIdLength,
            char @Nullable [] name,
            @Nullable IntByReference nameLength,
            char @Nullable [] type,
            @Nullable IntByReference typeLength,
            int milliseconds);

    boolean CloseClusterNotifyPort(Pointer port);
}
