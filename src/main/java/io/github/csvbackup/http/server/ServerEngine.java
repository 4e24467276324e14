package io.github.csvbackup.http.server;

import io.github.csvbackup.security.Tls;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The server's side of TLS for one connection.
 *
 * @param outdated whether the certificate, or the trust in clients, has been replaced since
 */
record ServerEngine(SSLEngine engine, BooleanSupplier outdated) {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** TLS 1.2 and newer, even if the host's JVM allows older versions. */
    static ServerEngine of(Tls tls) {
        SSLContext context = tls.context();
        SSLEngine engine = context.createSSLEngine();
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setWantClientAuth(tls.asksForCertificate());
        engine.setSSLParameters(parameters);
        engine.setUseClientMode(false);
        return new ServerEngine(engine, () -> !context.equals(tls.context()));
    }
}
