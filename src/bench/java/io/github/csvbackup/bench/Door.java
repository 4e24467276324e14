package io.github.csvbackup.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens on this machine.
 *
 * @param tls null for plain HTTP
 * @param authorization value of the header; empty for none
 */
record Door(int port, @Nullable SSLSocketFactory tls, String authorization) {
    /** On a port that was free a moment ago. */
    static Door free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Door(socket.getLocalPort(), null, "");
        }
    }

    Door secured(@Nullable SSLSocketFactory factory, String credentials) {
        return new Door(port, factory, credentials);
    }

    /** Another port of the same agent. */
    Door at(int otherPort) {
        return new Door(otherPort, tls, authorization);
    }

    Connection connect() throws IOException {
        return new Connection(this);
    }
}
