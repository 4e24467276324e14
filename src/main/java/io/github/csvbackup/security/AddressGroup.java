package io.github.csvbackup.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Groups the addresses that one machine can have, so that more addresses do not give it higher limits. All loopback addresses are one group, and so is
 * each IPv6 network of 64 bits, in which a machine can choose its addresses (RFC 4291, section 2.5.1).
 */
public final class AddressGroup {
    private static final String LOOPBACK = "loopback";
    private static final int NETWORK_BYTES = 8;

    private AddressGroup() {}

    /** The key for counting requests from this address. */
    public static String of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) + "/64"
                : address.getHostAddress();
    }
}
