package io.github.csvbackup.security;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** The trust manager of a client: one method for the three ways to verify a server, and none for clients. */
abstract class ServerTrust extends X509ExtendedTrustManager {
    /** One of the three ways. */
    @FunctionalInterface
    interface Verification {
        void of(X509ExtendedTrustManager authorities) throws CertificateException;
    }

    /** @param with verifies the chain with the authorities */
    abstract void verify(X509Certificate[] chain, Verification with) throws CertificateException;

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        verify(chain, authorities -> authorities.checkServerTrusted(chain, authType));
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        verify(chain, authorities -> authorities.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, authorities -> authorities.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw onlyServers();
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw onlyServers();
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw onlyServers();
    }

    private static CertificateException onlyServers() {
        return new CertificateException("this is the trust of a client");
    }
}
