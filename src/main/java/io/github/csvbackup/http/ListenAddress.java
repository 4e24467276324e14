package io.github.csvbackup.http;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Finds the address that an option names. */
final class ListenAddress {
    private ListenAddress() {}

    /**
     * Looks the name up.
     *
     * @param example an address that always works
     * @throws IOException with a message for the administrator
     */
    static InetSocketAddress of(String host, int port, String example) throws IOException {
        InetAddress resolved;
        try {
            resolved = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("The host \"" + host + "\" is unknown; use " + example + ".", e);
        }
        if (resolved instanceof Inet6Address && Boolean.getBoolean("java.net.preferIPv4Stack")) {
            throw new IOException("The host " + host
                    + " is an IPv6 address, and this JVM uses IPv4 only (java.net.preferIPv4Stack=true). Use " + example
                    + ", or start the JVM without that property.");
        }
        return new InetSocketAddress(resolved, port);
    }
}
