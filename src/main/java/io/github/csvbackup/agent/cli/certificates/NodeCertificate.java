package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.security.Pkcs12;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * A node's new key and certificate.
 *
 * @param store in the folder of the command
 * @param fullName the DNS name that clients use
 * @param end when the certificate expires
 */
record NodeCertificate(KeyStoreFile store, String node, String fullName, Instant end) {
    static final String FILE = "agent.p12";

    /** Reads what keytool wrote, and checks that it is what was asked for. */
    static NodeCertificate proven(KeyStoreFile store, String node, String fullName, X509Certificate authority)
            throws IOException, StartException {
        char[] password = Files.readString(store.passwordFile()).strip().toCharArray();
        KeyStore loaded =
                Pkcs12.load(Files.readAllBytes(store.file()), password, "The new file " + store.file(), "Try again.");
        try {
            Certificate[] chain = loaded.getCertificateChain(KeyStoreFile.ALIAS);
            if (chain != null
                    && chain.length == 2
                    && chain[1].equals(authority)
                    && chain[0] instanceof X509Certificate certificate
                    && names(certificate).equals(List.of(fullName, node))) {
                certificate.verify(authority.getPublicKey());
                return new NodeCertificate(
                        store, node, fullName, certificate.getNotAfter().toInstant());
            }
        } catch (GeneralSecurityException e) {
            throw new StartException(
                    "keytool wrote a certificate of " + node + " that does not verify: " + e.getMessage()
                            + ". Try another Java.",
                    e);
        }
        throw new StartException("keytool wrote a certificate of " + node
                + " with other names, or without the authority. Try another Java.");
    }

    private static List<Object> names(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream().<Object>map(name -> name.get(1)).toList();
    }
}
