package io.github.csvbackup.agent;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** Where the agent listens. */
final class Address {
    private Address() {}

    /**
     * The address that the options name.
     *
     * @throws UsageException if there is no such host, or it is not this machine's own loopback
     */
    static InetSocketAddress of(Options options) throws UsageException {
        InetAddress address;
        try {
            address = InetAddress.getByName(options.host());
        } catch (UnknownHostException e) {
            throw new UsageException(
                    "host=" + options.host() + " is no address of this machine; use 127.0.0.1 or ::1.", e);
        }
        if (!address.isLoopbackAddress()) {
            throw new UsageException(
                    "host=" + options.host() + " is not a loopback address; listening for other machines needs"
                            + " TLS and users, which this version does not have. Use 127.0.0.1 or ::1.");
        }
        return new InetSocketAddress(address, options.port());
    }

    /** The address for people and clients, with a slash at its end. */
    static URI url(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String text = host.getHostAddress();
        return URI.create(
                "http://" + (host instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort() + "/");
    }

    /** Why the port could not be had, and what to do. */
    static StartException bindFailure(InetSocketAddress address, IOException failure, String operatingSystem) {
        String where =
                "The port " + address.getPort() + " of " + address.getAddress().getHostAddress();
        String otherPort = " Choose another with the option port; 0 takes any free one.";
        if (!(failure instanceof BindException)) {
            return new StartException(where + " cannot be listened on: " + failure + "." + otherPort, failure);
        }
        String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (reason.contains("permission denied")) {
            String why = operatingSystem.startsWith("Windows")
                    ? " lies in a range that Windows excludes, as 'netsh interface ipv4 show excludedportrange protocol=tcp'"
                            + " lists them, or is held exclusively by another program."
                    : " is reserved for the administrator.";
            return new StartException(where + why + otherPort, failure);
        }
        if (reason.contains("cannot assign") || reason.contains("can't assign")) {
            return new StartException(
                    where + " cannot be listened on: this machine does not have that address." + " Use host=127.0.0.1.",
                    failure);
        }
        return new StartException(where + " is in use by another program." + otherPort, failure);
    }
}
