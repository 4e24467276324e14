package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TlsTest {
    @TempDir
    Path folder;

    private final FileStatus status = new FileStatus(new MovableClock());
    private final AtomicLong nanos = new AtomicLong();

    /** The name in the certificate that a client receives. */
    private static String shown(SSLContext server, SSLContext client) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> accepted = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                    socket.startHandshake();
                    socket.getInputStream().read();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
                socket.startHandshake();
                X509Certificate certificate =
                        (X509Certificate) socket.getSession().getPeerCertificates()[0];
                socket.getOutputStream().write(1);
                accepted.get();
                return certificate.getSubjectX500Principal().getName();
            }
        }
    }

    @Test
    void theFileSaysWhenTheCertificateExpires() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        KeyStore store = KeyStore.getInstance(keystore.toFile(), Certificate.PASSWORD.toCharArray());
        X509Certificate certificate =
                (X509Certificate) store.getCertificate(store.aliases().nextElement());

        assertThat(Tls.expires(keystore, password))
                .isEqualTo(certificate.getNotAfter().toInstant());

        Files.writeString(keystore, "damaged");
        assertThatThrownBy(() -> Tls.expires(keystore, password)).isInstanceOf(IOException.class);
    }

    @Test
    void aRenewedCertificateNeedsNoRestartAndADamagedOneChangesNothing() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        SSLContext tls = Tls.of(keystore, password, status, nanos::get);
        assertThat(shown(tls, Certificate.trust(keystore))).isEqualTo("CN=first");

        Certificate.make(keystore, "the second", "127.0.0.1");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(shown(tls, Certificate.trust(keystore))).isEqualTo("CN=the second");

        SSLContext client = Certificate.trust(keystore);
        Files.writeString(keystore, "damaged");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(shown(tls, client)).isEqualTo("CN=the second");
    }

    /** A renewal replaces two files, one after the other. */
    @Test
    void aPasswordThatComesAMomentAfterItsCertificateIsTriedAgain() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        SSLContext tls = Tls.of(keystore, password, status, nanos::get);
        SSLContext first = Certificate.trust(keystore);

        Certificate.make(keystore, "the second", "127.0.0.1");
        SSLContext second = Certificate.trust(keystore);
        PrivateFile.write(password, "that of the next one");
        assertThat(shown(tls, first)).isEqualTo("CN=first");
        assertThat(status.outdatedSince()).isNotNull();

        PrivateFile.write(password, Certificate.PASSWORD);
        assertThat(shown(tls, second)).isEqualTo("CN=the second");
        assertThat(status.outdatedSince()).isNull();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void secretsThatOthersCanReadAreRefused() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Files.setPosixFilePermissions(keystore, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(Tls.of(keystore, password, status)).isNotNull();

        // Without a password, every account that can read the file has the key.
        assertThatThrownBy(() -> Tls.of(keystore, null, status))
                .hasMessageStartingWith("The file tls-keystore=" + keystore + " can be read by others.");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Tls.of(keystore, password, status))
                .hasMessageStartingWith("The file tls-password-file=" + password + " can be read by others.");
    }

    @Test
    void aPasswordThatPowerShellWroteIsRead() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(
                folder.resolve("password"), "\uFEFF" + Certificate.PASSWORD + "\r\n", StandardCharsets.UTF_16LE);

        assertThat(shown(Tls.of(keystore, password, status), Certificate.trust(keystore)))
                .isEqualTo("CN=first");
    }
}
