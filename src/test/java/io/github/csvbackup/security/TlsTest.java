package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
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
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
    private static String shown(Tls tls, SSLContext client) throws Exception {
        tls.check();
        try (SSLServerSocket listening = (SSLServerSocket)
                tls.context().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
    void theCertificateIsDescribed() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        KeyStore store = KeyStore.getInstance(keystore.toFile(), Certificate.PASSWORD.toCharArray());
        X509Certificate certificate =
                (X509Certificate) store.getCertificate(store.aliases().nextElement());
        Tls tls = Tls.of(keystore, password, status, null, nanos::get);

        assertThat(tls.certificate())
                .isEqualTo(new ServerCertificate(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        List.of("localhost")));

        Certificate.make(keystore, "the second", "127.0.0.1", "-ext", "san=dns:other");
        assertThat(tls.certificate().names()).as("not read yet").containsExactly("localhost");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        tls.check();
        assertThat(tls.certificate().names()).containsExactly("other");
    }

    @Test
    void aRenewedCertificateNeedsNoRestartAndADamagedOneChangesNothing() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Tls tls = Tls.of(keystore, password, status, null, nanos::get);
        assertThat(shown(tls, Certificate.trust(keystore))).isEqualTo("CN=first");

        Certificate.make(keystore, "the second", "127.0.0.1");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(shown(tls, Certificate.trust(keystore))).isEqualTo("CN=the second");

        SSLContext client = Certificate.trust(keystore);
        Files.writeString(keystore, "damaged");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(shown(tls, client)).isEqualTo("CN=the second");
    }

    @Test
    void aValidCertificateIsNotReplacedByOneThatIsNotValid() throws Exception {
        FileStatus now = new FileStatus(Clock.systemUTC());
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Tls tls = Tls.of(keystore, password, now, null, nanos::get);
        ServerCertificate first = tls.certificate();

        for (String start : List.of("-9d", "+1d")) {
            Certificate.make(keystore, "not valid", "127.0.0.1", "-startdate", start, "-validity", "8");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
            tls.check();
            assertThat(tls.certificate()).as(start).isEqualTo(first);
            assertThat(now.outdatedSince()).as(start).isNotNull();
        }

        Tls started = Tls.of(keystore, password, now, null, nanos::get);
        assertThat(started.certificate().isNotYetValid(Instant.now()))
                .as("a start does not fail: polls and local clients need no certificate")
                .isTrue();
        Certificate.make(keystore, "not valid", "127.0.0.1", "-startdate", "-9d", "-validity", "8");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        started.check();
        assertThat(started.certificate().isExpired(Instant.now()))
                .as("not worse than before")
                .isTrue();
    }

    @Test
    void theReasonIsSaid() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Tls tls = Tls.of(keystore, password, new FileStatus(Clock.systemUTC()), null, nanos::get);
        Certificate.make(keystore, "not valid", "127.0.0.1", "-startdate", "-9d", "-validity", "8");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));

        try (LogLines log = new LogLines(FileStatus.class.getName())) {
            tls.check();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("The file tls-keystore=" + keystore + " holds a certificate that expired on ")
                    .endsWith(". Replace it with a renewed one.");
        }
    }

    /** A renewal replaces two files, one after the other. */
    @Test
    void aPasswordThatComesAMomentAfterItsCertificateIsTriedAgain() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "first", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        Tls tls = Tls.of(keystore, password, status, null, nanos::get);
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
        assertThat(Tls.of(keystore, password, status)).isNotNull();

        Files.setPosixFilePermissions(keystore, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Tls.of(keystore, password, status))
                .hasMessage("The file tls-keystore=" + keystore
                        + " can be read by others. Restrict access with: chmod go= '" + keystore + "'");
        Files.setPosixFilePermissions(keystore, PosixFilePermissions.fromString("rw--w----"));
        assertThatThrownBy(() -> Tls.of(keystore, password, status))
                .hasMessageContaining(" can be changed by others.")
                .hasMessageEndingWith("chmod go= '" + keystore + "'");
        PrivateFile.close(keystore);
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
