package io.github.csvbackup.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** A non-loopback address of this machine. A connection to it also comes from it, as if from another machine. */
public final class OwnAddress {
    private OwnAddress() {}

    public static InetAddress get() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("this machine has no address but loopback"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
