package io.github.csvbackup.security;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the server on this machine that uses a keystore. Exactly the certificate in that file is trusted, because only that server has its key. So its names,
 * its issuer and its end do not matter.
 */
public final class PinnedTls {
    private PinnedTls() {}

    /**
     * Reads the certificate.
     *
     * @param passwordFile contains the password of the keystore; null if it has none
     * @throws IOException with a sentence for users, if there is none or the file cannot be read
     */
    public static SSLContext of(Path keystore, @Nullable Path passwordFile) throws IOException {
        List<X509Certificate> certificates = Tls.certificates(keystore, passwordFile);
        if (certificates.isEmpty()) {
            throw new IOException("The file tls-keystore=" + keystore + " has no certificate with a key.");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pin(certificates, keystore)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java does not provide TLS: " + e.getMessage() + ".", e);
        }
    }

    /** Another certificate than the pinned one. */
    public static final class OtherCertificateException extends CertificateException {
        private static final long serialVersionUID = 1;

        OtherCertificateException(String sentence) {
            super(sentence);
        }
    }

    /** The extended class: for others, Java adds checks of its own, which a certificate that was made long ago may fail. */
    private static final class Pin extends X509ExtendedTrustManager {
        private final List<X509Certificate> certificates;
        private final Path keystore;

        Pin(List<X509Certificate> certificates, Path keystore) {
            this.certificates = certificates;
            this.keystore = keystore;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            if (!certificates.contains(chain[0])) {
                throw new OtherCertificateException(
                        "It shows another certificate than the one in tls-keystore=" + keystore
                                + ": it is another program, or the agent has not taken over that file since it was changed (see its log).");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is for clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
