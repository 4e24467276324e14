package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.ptr.IntByReference;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tables of Windows as bytes. WindowsServiceIT reads those of Wine. */
class WindowsPortsTest {
    /** Answers as GetExtendedTcpTable does, also while the table grows. */
    private static final class StubIpHelper implements IpHelper {
        private final byte[] version4;
        private final byte[] version6;
        private final Deque<Integer> missing = new ArrayDeque<>();
        private int code;

        StubIpHelper(byte[] version4, byte[] version6) {
            this.version4 = version4;
            this.version6 = version6;
        }

        @Override
        public int GetExtendedTcpTable(
                byte @Nullable [] table, IntByReference size, boolean order, int family, int tableClass, int reserved) {
            assertThat(List.of(order, tableClass, reserved)).isEqualTo(List.of(false, 3, 0));
            assertThat(size.getValue()).isEqualTo(table == null ? 0 : table.length);
            if (code != 0) {
                return code;
            }
            byte[] content = family == AF_INET ? version4 : version6;
            int needed = missing.isEmpty() ? content.length : content.length - missing.remove();
            size.setValue(needed);
            if (table == null || table.length < content.length) {
                return ERROR_INSUFFICIENT_BUFFER;
            }
            System.arraycopy(content, 0, table, 0, content.length);
            return 0;
        }
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getAllByName(literal)[0];
    }

    private static byte[] table(int rows, int bytes) {
        return ByteBuffer.allocate(4 + rows * bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(rows)
                .array();
    }

    /** The port 8778 is 0x224A, in the byte order of the network. */
    private static byte[] row(
            byte[] table, int at, int addressAt, int portAt, int processAt, int process, int... address) {
        for (int i = 0; i < address.length; i++) {
            table[at + addressAt + i] = (byte) address[i];
        }
        table[at + portAt] = 0x22;
        table[at + portAt + 1] = 0x4A;
        ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putInt(at + processAt, process);
        return table;
    }

    private static StubIpHelper windows() {
        byte[] version4 = row(table(2, 24), 4, 4, 8, 20, 1012, 0, 0, 0, 0);
        row(version4, 28, 4, 8, 20, -2, 127, 0, 0, 1);
        byte[] version6 = row(table(1, 56), 4, 0, 20, 52, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        return new StubIpHelper(version4, version6);
    }

    @Test
    void readsBothTables() throws Exception {
        assertThat(new WindowsPorts(windows()).listeners())
                .containsExactly(
                        new PortListener(address("0.0.0.0"), 8778, 1012),
                        new PortListener(address("127.0.0.1"), 8778, 4294967294L),
                        new PortListener(address("::1"), 8778, 77));
    }

    @Test
    void aTableThatGrowsIsReadAgain() throws Exception {
        StubIpHelper windows = windows();
        windows.missing.addAll(List.of(24, 20));

        assertThat(new WindowsPorts(windows).listeners()).hasSize(3);
    }

    @Test
    void aTableThatAlwaysGrowsIsAFailure() {
        StubIpHelper windows = windows();
        windows.missing.addAll(List.of(24, 20, 16, 12, 8, 4));

        assertThatThrownBy(() -> new WindowsPorts(windows).listeners())
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("GetExtendedTcpTable failed with Win32 error 122");
    }

    @Test
    void aFailureIsReported() {
        StubIpHelper windows = windows();
        windows.code = 50;

        assertThatThrownBy(() -> new WindowsPorts(windows).listeners())
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("GetExtendedTcpTable failed with Win32 error 50");
    }

    @Test
    void onlyTheSameAddressAndAnyAddressAreInTheWay() throws Exception {
        InetAddress loopback = address("127.0.0.1");
        InetAddress any = address("0.0.0.0");
        PortListener listener = new PortListener(loopback, 8778, 1);

        assertThat(listener.isInTheWayOf(loopback, 8778)).isTrue();
        assertThat(listener.isInTheWayOf(any, 8778)).isTrue();
        assertThat(listener.isInTheWayOf(address("10.0.0.5"), 8778)).isFalse();
        assertThat(listener.isInTheWayOf(loopback, 8779)).isFalse();
        assertThat(new PortListener(any, 8778, 1).isInTheWayOf(loopback, 8778)).isTrue();
        assertThat(new PortListener(address("::"), 8778, 1).isInTheWayOf(loopback, 8778))
                .isTrue();
    }
}
