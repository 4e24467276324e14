package io.github.csvbackup.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * From how many addresses one machine can send does not change how much it may do: all loopback addresses are one, and so are those of an IPv6
 * network of 64 bits, of which a machine has as many as it likes (RFC 4291, section 2.5.1).
 */
public final class AddressGroup {
    private static final String LOOPBACK = "loopback";
    private static final int NETWORK_BYTES = 8;

    private AddressGroup() {}

    /** The key under which everything that comes from there is counted. */
    public static String of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) + "/64"
                : address.getHostAddress();
    }
}
