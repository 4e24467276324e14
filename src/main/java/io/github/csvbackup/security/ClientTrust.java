package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileText;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Verifies the certificates of clients with the authorities in a PEM file, the option tls-trust. */
final class ClientTrust {
    private ClientTrust() {}

    /** @throws IOException with a message for users, if the file cannot be used */
    static ReloadingFile<X509ExtendedTrustManager> of(Path file, FileStatus status, LongSupplier nanoTime)
            throws IOException {
        return new ReloadingFile<>(List.of(file), loader(file), status, nanoTime);
    }

    private static ReloadingFile.Loader<X509ExtendedTrustManager> loader(Path file) {
        return new ReloadingFile.Loader<>() {
            @Override
            public ReloadingFile.Loaded<X509ExtendedTrustManager> load(@Nullable X509ExtendedTrustManager before)
                    throws IOException {
                return new ReloadingFile.Loaded<>(read(file), null);
            }

            @Override
            public void verify() throws IOException {
                trusted(file).check();
            }
        };
    }

    private static String label(Path file) {
        return "The file tls-trust=" + file;
    }

    private static TrustedFile trusted(Path file) throws IOException {
        return TrustedFile.of(file, label(file), Privacy.READABLE);
    }

    /** Begins with an ASN.1 sequence of 128 bytes or more, which is not text in UTF-8. */
    private static boolean isBinary(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == 0x30 && (bytes[1] & 0xff) >= 0x81 && (bytes[1] & 0xff) <= 0x84;
    }

    private static X509ExtendedTrustManager read(Path file) throws IOException {
        byte[] bytes = trusted(file).bytes(Pkcs12.LARGEST);
        if (isBinary(bytes)) {
            throw new FileRefusedException(label(file)
                    + " is a binary file, as PKCS #12 (.pfx, .p12) and DER (.cer, .der) are. Export only the"
                    + " certificates of the authorities, in PEM (Base64).");
        }
        List<PemBlock> blocks = PemBlock.of(FileText.decode(bytes, label(file)), label(file));
        if (blocks.stream().anyMatch(block -> block.label().endsWith("PRIVATE KEY"))) {
            throw new FileRefusedException(
                    label(file)
                            + " contains a private key. Keep the key of an authority off the nodes; only its certificate is needed.");
        }
        List<X509Certificate> certificates = PemCertificates.of(blocks, label(file));
        if (certificates.isEmpty()) {
            throw new FileRefusedException(
                    label(file) + " contains no certificate. It must contain those of authorities, in PEM.");
        }
        for (X509Certificate certificate : certificates) {
            if (certificate.getBasicConstraints() < 0) {
                throw new FileRefusedException(label(file) + " contains a certificate that is not of an authority: "
                        + certificate.getSubjectX500Principal().getName()
                        + ". Use that of the authority that signed it.");
            }
        }
        return manager(certificates, file);
    }

    private static X509ExtendedTrustManager manager(List<X509Certificate> certificates, Path file) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager trust) {
                    return trust;
                }
            }
            throw new FileRefusedException("This Java has no trust manager for " + file + ".");
        } catch (GeneralSecurityException e) {
            throw new FileRefusedException(label(file) + " cannot be used: " + e.getMessage() + ".", e);
        }
    }
}
