package io.github.csvbackup.service;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/** Functions of iphlpapi.dll, as in iphlpapi.h. */
interface IpHelper extends StdCallLibrary {
    int AF_INET = 2;
    int AF_INET6 = 23;
    /** TCP_TABLE_CLASS of iprtrmib.h: the ports on which programs listen, with their processes. */
    int TCP_TABLE_OWNER_PID_LISTENER = 3;

    int ERROR_INSUFFICIENT_BUFFER = 122;

    /**
     * Fills a table, and sets its size.
     *
     * @return 0, ERROR_INSUFFICIENT_BUFFER with the size that is needed, or another code of winerror.h
     */
    int GetExtendedTcpTable(
            byte @Nullable [] table, IntByReference size, boolean order, int family, int tableClass, int reserved);
}
