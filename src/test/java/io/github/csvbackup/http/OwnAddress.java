package io.github.csvbackup.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** An address of this machine that is not loopback: who connects to it comes from it, as from another machine. */
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
