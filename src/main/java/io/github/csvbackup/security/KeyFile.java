package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileText;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The file of the option tls-keystore: a key and its certificate, in PKCS #12 or in PEM.
 *
 * @param passwordFile contains the password of a PKCS #12 file; null if it has none
 */
record KeyFile(Path path, @Nullable Path passwordFile) {
    /** What a TLS server needs, and what people want to know of it. */
    record Content(X509ExtendedKeyManager manager, ServerCertificate certificate) {}

    /** The start of messages. */
    String label() {
        return "The file tls-keystore=" + path;
    }

    List<Path> files() {
        return passwordFile == null ? List.of(path) : List.of(path, passwordFile);
    }

    /** Checks that both files can still be trusted. */
    void check() throws IOException {
        trusted().check();
        if (passwordFile != null) {
            trusted(passwordFile).check();
        }
    }

    private TrustedFile trusted() throws IOException {
        return TrustedFile.of(path, label(), Privacy.SECRET);
    }

    private static TrustedFile trusted(Path passwordFile) throws IOException {
        return TrustedFile.of(passwordFile, "The file tls-password-file=" + passwordFile, Privacy.SECRET);
    }

    /** @throws FileRefusedException with a message for users, if the file cannot be used */
    Content read() throws IOException {
        byte[] bytes = trusted().bytes(Pkcs12.LARGEST);
        char[] password = passwordFile == null
                ? new char[0]
                : trusted(passwordFile).text().strip().toCharArray();
        if (isPem(bytes)) {
            return content(PemKey.load(FileText.decode(bytes, label()), path, label()), new char[0]);
        }
        return content(Pkcs12.load(bytes, password, label(), aboutPassword()), password);
    }

    private static boolean isPem(byte[] bytes) {
        // Also in UTF-16, and if a character is damaged.
        return new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", "").contains(PemBlock.BEGIN);
    }

    private String aboutPassword() {
        return passwordFile == null
                ? "Give a file that contains the password with tls-password-file."
                : "Check the password in tls-password-file=" + passwordFile
                        + "; if it is right, the file was changed or damaged.";
    }

    private Content content(KeyStore store, char[] password) throws FileRefusedException {
        try {
            List<X509Certificate> certificates = certificates(store);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager keys) {
                    return new Content(keys, ServerCertificate.of(certificates));
                }
            }
            throw new FileRefusedException("This Java has no key manager for the file tls-keystore=" + path + ".");
        } catch (UnrecoverableKeyException e) {
            throw new FileRefusedException(
                    label()
                            + " has a key with another password than that of the file. Export it again, with one password.",
                    e);
        } catch (GeneralSecurityException e) {
            throw new FileRefusedException(label() + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** The certificates of the keys, without those of authorities. */
    private List<X509Certificate> certificates(KeyStore store) throws GeneralSecurityException, FileRefusedException {
        List<X509Certificate> certificates = new ArrayList<>();
        int keys = 0;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys++;
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        }
        if (keys == 0) {
            throw new FileRefusedException(label()
                    + " contains no private key. Export the certificate together with its key, as .pfx or .p12.");
        }
        if (keys > 1) {
            throw new FileRefusedException(label() + " contains " + keys
                    + " private keys. Export the one of this node alone, with its certificate.");
        }
        if (certificates.isEmpty()) {
            throw new FileRefusedException(label()
                    + " contains a private key without its certificate. Export both together, as .pfx or .p12.");
        }
        return certificates;
    }
}
