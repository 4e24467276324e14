package io.github.csvbackup.service;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process that listens on a TCP port. */
public record PortListener(InetAddress address, int port, long processId) {
    /** MIB_TCPROW_OWNER_PID of tcpmib.h: state, local address and port, remote address and port, process; each has four bytes. */
    private static final Row VERSION_4 = new Row(24, 4, 4, 8, 20);
    /** MIB_TCP6ROW_OWNER_PID: local address of 16 bytes, scope and port, the same of the remote side, state, process. */
    private static final Row VERSION_6 = new Row(56, 0, 16, 20, 52);

    /** Where the parts of a row are. */
    private record Row(int bytes, int address, int addressBytes, int port, int process) {}

    /** Reads a table of GetExtendedTcpTable: the number of its rows, then the rows. */
    static List<PortListener> of(byte[] table, boolean isVersion6) {
        Row row = isVersion6 ? VERSION_6 : VERSION_4;
        ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        List<PortListener> listeners = new ArrayList<>();
        int rows = bytes.getInt(0);
        for (int at = Integer.BYTES; listeners.size() < rows; at += row.bytes()) {
            int address = at + row.address();
            // In the byte order of the network.
            int port = Short.toUnsignedInt(Short.reverseBytes(bytes.getShort(at + row.port())));
            listeners.add(new PortListener(
                    address(Arrays.copyOfRange(table, address, address + row.addressBytes())),
                    port,
                    Integer.toUnsignedLong(bytes.getInt(at + row.process()))));
        }
        return listeners;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address always has 4 or 16 bytes", e);
        }
    }

    /** Whether another program cannot listen on this address and port at the same time. */
    public boolean isInTheWayOf(InetAddress wanted, int wantedPort) {
        return port == wantedPort
                && (address.isAnyLocalAddress() || wanted.isAnyLocalAddress() || address.equals(wanted));
    }
}
