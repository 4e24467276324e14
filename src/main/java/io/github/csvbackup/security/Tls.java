package io.github.csvbackup.security;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The server's key and certificate. A changed file is read again, so a renewed certificate needs no restart. */
public final class Tls {
    private final ReloadingFile<KeyFile.Content> keys;
    private final SSLContext context;

    private Tls(ReloadingFile<KeyFile.Content> keys, SSLContext context) {
        this.keys = keys;
        this.context = context;
    }

    /**
     * Reads the files.
     *
     * @param keystore PKCS #12 or PEM
     * @param passwordFile contains the password of the keystore; null if it has none
     * @param status receives whether the content is current
     * @param trust verifies clients; null: they are not asked for a certificate
     * @throws IOException with a message for users, if the certificate cannot be loaded
     */
    public static Tls of(Path keystore, @Nullable Path passwordFile, FileStatus status, @Nullable Trust trust)
            throws IOException {
        ClientTrust clients = trust == null ? null : new ClientTrust(trust.file(), trust.status(), System::nanoTime);
        return of(keystore, passwordFile, status, clients, System::nanoTime);
    }

    /** Without certificates of clients. */
    public static Tls of(Path keystore, @Nullable Path passwordFile, FileStatus status) throws IOException {
        return of(keystore, passwordFile, status, (Trust) null);
    }

    static Tls of(Path keystore, @Nullable Path passwordFile, FileStatus status, LongSupplier nanoTime)
            throws IOException {
        return of(keystore, passwordFile, status, null, nanoTime);
    }

    /**
     * The certificates of authorities whose clients are trusted.
     *
     * @param file in PEM
     * @param status receives whether the content is current
     */
    public record Trust(Path file, FileStatus status) {}

    private static Tls of(
            Path keystore,
            @Nullable Path passwordFile,
            FileStatus status,
            @Nullable ClientTrust clients,
            LongSupplier nanoTime)
            throws IOException {
        KeyFile file = new KeyFile(keystore, passwordFile);
        ReloadingFile<KeyFile.Content> keys = new ReloadingFile<>(file.files(), loader(file, status), status, nanoTime);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Without an array, Java would read its list of public authorities, which takes longer than all else.
            TrustManager[] trust = clients == null ? new TrustManager[0] : new TrustManager[] {clients};
            context.init(new KeyManager[] {new Renewable(keys)}, trust, null);
            return new Tls(keys, context);
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java does not provide TLS: " + e.getMessage() + ".", e);
        }
    }

    private static ReloadingFile.Loader<KeyFile.Content> loader(KeyFile file, FileStatus status) {
        return new ReloadingFile.Loader<>() {
            @Override
            public ReloadingFile.Loaded<KeyFile.Content> load(KeyFile.@Nullable Content before) throws IOException {
                KeyFile.Content fresh = file.read();
                if (before != null) {
                    fresh.certificate().requireNotWorseThan(before.certificate(), status.now(), file.label());
                }
                return new ReloadingFile.Loaded<>(fresh, null);
            }

            @Override
            public void verify() throws IOException {
                file.check();
            }
        };
    }

    /** The context of the server. */
    public SSLContext context() {
        return context;
    }

    /** The certificate that a client would get now. Reads the file again if it has changed. */
    public ServerCertificate certificate() {
        return keys.get().certificate();
    }

    /** The certificate that was read last. Does not access the disk. */
    public ServerCertificate lastCertificate() {
        return keys.last().certificate();
    }

    /** Delegates to the current keys. */
    private static final class Renewable extends X509ExtendedKeyManager {
        private final ReloadingFile<KeyFile.Content> keys;

        Renewable(ReloadingFile<KeyFile.Content> keys) {
            this.keys = keys;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keys.get().manager().chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.get().manager().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.get().manager().getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.get().manager().getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.get().manager().getPrivateKey(alias);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.get().manager().getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.get().manager().chooseClientAlias(keyTypes, issuers, socket);
        }
    }
}
