package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The server's certificate from a PKCS #12 file. A changed file is read again, so a renewed certificate needs no restart. */
public final class Tls {
    private static final int LARGEST_KEYSTORE = 4 * 1024 * 1024;

    private Tls() {}

    /**
     * Creates the TLS context of the server.
     *
     * @param passwordFile contains the password of the keystore; null if it has none
     * @param status receives whether the content is current
     * @throws IOException with a message for users, if the certificate cannot be loaded
     */
    public static SSLContext of(Path keystore, @Nullable Path passwordFile, FileStatus status) throws IOException {
        return of(keystore, passwordFile, status, System::nanoTime);
    }

    static SSLContext of(Path keystore, @Nullable Path passwordFile, FileStatus status, LongSupplier nanoTime)
            throws IOException {
        List<Path> files = passwordFile == null ? List.of(keystore) : List.of(keystore, passwordFile);
        ReloadingFile<X509ExtendedKeyManager> keys =
                new ReloadingFile<>(files, loader(keystore, passwordFile), status, nanoTime);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Renewable(keys)}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java does not provide TLS: " + e.getMessage() + ".", e);
        }
    }

    private static ReloadingFile.Loader<X509ExtendedKeyManager> loader(Path keystore, @Nullable Path passwordFile) {
        return new ReloadingFile.Loader<>() {
            @Override
            public ReloadingFile.Loaded<X509ExtendedKeyManager> load(@Nullable X509ExtendedKeyManager before)
                    throws IOException {
                return new ReloadingFile.Loaded<>(Tls.load(keystore, password(passwordFile), passwordFile), null);
            }

            @Override
            public void verify() throws IOException {
                trusted(keystore, passwordFile).check();
                if (passwordFile != null) {
                    trusted(passwordFile).check();
                }
            }
        };
    }

    /**
     * When the first of the certificates in the keystore expires, read from the file.
     *
     * @param passwordFile contains the password of the keystore; null if it has none
     * @throws IOException with a message for users, if the certificate cannot be loaded
     */
    public static Instant expires(Path keystore, @Nullable Path passwordFile) throws IOException {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : certificates(keystore, passwordFile)) {
            Instant end = certificate.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }

    /** The certificates in the keystore that have a key, read from the file. The parameters are those of {@link #expires}. */
    static List<X509Certificate> certificates(Path keystore, @Nullable Path passwordFile) throws IOException {
        byte[] bytes = trusted(keystore, passwordFile).bytes(LARGEST_KEYSTORE);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password(passwordFile));
            List<X509Certificate> certificates = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (hasKey(store, alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new FileRefusedException(
                    "The file tls-keystore=" + keystore + " cannot be used: " + e.getMessage() + ".", e);
        } catch (FileRefusedException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(keystore, bytes, passwordFile, e);
        }
    }

    private static TrustedFile trusted(Path passwordFile) throws IOException {
        return TrustedFile.of(passwordFile, "The file tls-password-file=" + passwordFile, Privacy.SECRET);
    }

    /** A keystore without a password is itself a secret. */
    private static TrustedFile trusted(Path keystore, @Nullable Path passwordFile) throws IOException {
        return TrustedFile.of(
                keystore,
                "The file tls-keystore=" + keystore,
                passwordFile == null ? Privacy.SECRET : Privacy.READABLE);
    }

    private static char[] password(@Nullable Path file) throws IOException {
        return file == null ? new char[0] : trusted(file).text().strip().toCharArray();
    }

    private static X509ExtendedKeyManager load(Path file, char[] password, @Nullable Path passwordFile)
            throws IOException {
        byte[] bytes = trusted(file, passwordFile).bytes(LARGEST_KEYSTORE);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            if (Collections.list(store.aliases()).stream().noneMatch(alias -> hasKey(store, alias))) {
                throw new FileRefusedException("The file tls-keystore=" + file
                        + " contains no private key. Export the certificate together with its key, as .pfx or .p12.");
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager keys) {
                    return keys;
                }
            }
            throw new FileRefusedException("This Java has no key manager for the file tls-keystore=" + file + ".");
        } catch (FileRefusedException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new FileRefusedException(
                    "The file tls-keystore=" + file + " cannot be used: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw unreadable(file, bytes, passwordFile, e);
        }
    }

    private static FileRefusedException unreadable(
            Path file, byte[] bytes, @Nullable Path passwordFile, IOException cause) {
        return new FileRefusedException(
                "The file tls-keystore=" + file + " cannot be read as PKCS #12: "
                        + (cause.getMessage() == null ? "it is damaged" : cause.getMessage()) + ". "
                        + remedy(bytes, passwordFile),
                cause);
    }

    private static String remedy(byte[] keystore, @Nullable Path passwordFile) {
        if (new String(keystore, StandardCharsets.ISO_8859_1).startsWith("-----BEGIN")) {
            return "It is a PEM file: convert it with openssl pkcs12 -export.";
        }
        return passwordFile == null
                ? "If it has a password, give a file that contains the password with tls-password-file."
                : "Check the password in tls-password-file.";
    }

    private static boolean hasKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keystore was just loaded", e);
        }
    }

    /** Delegates to the current keys. */
    private static final class Renewable extends X509ExtendedKeyManager {
        private final ReloadingFile<X509ExtendedKeyManager> keys;

        Renewable(ReloadingFile<X509ExtendedKeyManager> keys) {
            this.keys = keys;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keys.get().chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.get().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.get().getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.get().getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.get().getPrivateKey(alias);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.get().getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.get().chooseClientAlias(keyTypes, issuers, socket);
        }
    }
}
