package io.github.csvbackup.http.server;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a connection says about the sender of its requests.
 *
 * @param certificate the client certificate that TLS has verified; null if there is none
 */
public record Client(InetAddress address, @Nullable X509Certificate certificate) {
    /** A client without a certificate. */
    public Client(InetAddress address) {
        this(address, null);
    }
}
