package io.github.csvbackup.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Objects;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The server's key and certificate, and whom it trusts. {@link #check} reads changed files again, so a renewed certificate needs no restart. Each change
 * begins a new context: a session of an earlier one would go on with the old certificate, and with a client that may not be trusted any more.
 */
public final class Tls {
    private final FileStatus status;
    private final ReloadingFile<KeyFile.Content> keys;
    private final @Nullable ReloadingFile<X509ExtendedTrustManager> clients;
    private volatile Current current;
    private volatile Runnable onChange = () -> {};

    /** What new connections get. */
    private record Current(KeyFile.Content keys, @Nullable X509ExtendedTrustManager clients, SSLContext context) {
        static Current of(KeyFile.Content keys, @Nullable X509ExtendedTrustManager clients) throws IOException {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                // Without an array, Java would read its list of public authorities, which takes longer than all else.
                TrustManager[] trust = clients == null ? new TrustManager[0] : new TrustManager[] {clients};
                context.init(new KeyManager[] {keys.manager()}, trust, null);
                return new Current(keys, clients, context);
            } catch (GeneralSecurityException e) {
                throw new IOException("This Java does not provide TLS: " + e.getMessage() + ".", e);
            }
        }
    }

    private Tls(
            FileStatus status,
            ReloadingFile<KeyFile.Content> keys,
            @Nullable ReloadingFile<X509ExtendedTrustManager> clients)
            throws IOException {
        this.status = status;
        this.keys = keys;
        this.clients = clients;
        this.current = Current.of(keys.last(), clients == null ? null : clients.last());
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
        return of(keystore, passwordFile, status, trust, System::nanoTime);
    }

    /** Without certificates of clients. */
    public static Tls of(Path keystore, @Nullable Path passwordFile, FileStatus status) throws IOException {
        return of(keystore, passwordFile, status, null);
    }

    /**
     * The certificates of authorities whose clients are trusted.
     *
     * @param file in PEM
     * @param status receives whether the content is current
     */
    public record Trust(Path file, FileStatus status) {}

    static Tls of(
            Path keystore, @Nullable Path passwordFile, FileStatus status, @Nullable Trust trust, LongSupplier nanoTime)
            throws IOException {
        KeyFile file = new KeyFile(keystore, passwordFile);
        return new Tls(
                status,
                new ReloadingFile<>(file.files(), loader(file, status), status, nanoTime),
                trust == null ? null : ClientTrust.of(trust.file(), trust.status(), nanoTime));
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

    /** The context for new connections; another one after a change. Does not access the disk. */
    public SSLContext context() {
        return current.context;
    }

    /** Whether clients are asked for a certificate; they may send none. */
    public boolean asksForCertificate() {
        return clients != null;
    }

    /** TLS towards the agents of other nodes, with the same files. */
    public PeerTls towardsPeers(Clock clock) {
        ReloadingFile<X509ExtendedTrustManager> trust = clients;
        if (trust == null) {
            throw new IllegalStateException("no tls-trust");
        }
        return new PeerTls(keys::get, trust::get, clock);
    }

    /** Sets what runs after a change, on the thread of {@link #check}. */
    public void onChange(Runnable changed) {
        this.onChange = changed;
    }

    /** Reads the files again that have changed. */
    public synchronized void check() {
        KeyFile.Content key = keys.get();
        X509ExtendedTrustManager trusted = clients == null ? null : clients.get();
        if (key.equals(current.keys) && Objects.equals(trusted, current.clients)) {
            return;
        }
        try {
            current = Current.of(key, trusted);
        } catch (IOException e) {
            status.outdated(String.valueOf(e.getMessage()));
            return;
        }
        onChange.run();
    }

    /** The certificate that clients get. Does not access the disk. */
    public ServerCertificate certificate() {
        return current.keys.certificate();
    }
}
