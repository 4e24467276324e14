package io.github.csvbackup.service;

import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;

/** The TCP ports on which programs listen on this Windows. */
final class WindowsPorts {
    /** The table may grow between two calls. */
    private static final int TRIES = 5;

    private final IpHelper api;

    WindowsPorts(IpHelper api) {
        this.api = api;
    }

    List<PortListener> listeners() throws ServiceException {
        List<PortListener> listeners = new ArrayList<>(PortListener.of(table(IpHelper.AF_INET), false));
        listeners.addAll(PortListener.of(table(IpHelper.AF_INET6), true));
        return listeners;
    }

    private byte[] table(int family) throws ServiceException {
        IntByReference size = new IntByReference(0);
        byte[] table = new byte[0];
        int code = IpHelper.ERROR_INSUFFICIENT_BUFFER;
        for (int tries = 0; tries < TRIES && code == IpHelper.ERROR_INSUFFICIENT_BUFFER; tries++) {
            code = api.GetExtendedTcpTable(
                    table.length == 0 ? null : table, size, false, family, IpHelper.TCP_TABLE_OWNER_PID_LISTENER, 0);
            if (code == IpHelper.ERROR_INSUFFICIENT_BUFFER) {
                table = new byte[size.getValue()];
            }
        }
        if (code != 0) {
            throw ServiceException.win32("GetExtendedTcpTable", code);
        }
        return table;
    }
}
