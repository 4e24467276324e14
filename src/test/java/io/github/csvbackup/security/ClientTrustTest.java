package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The file of tls-trust. */
class ClientTrustTest {
    @TempDir
    Path folder;

    private final FileStatus status = new FileStatus(new MovableClock());
    private final AtomicLong nanos = new AtomicLong();

    private String authority(String name) throws Exception {
        Path store = Certificate.make(folder.resolve(name), name, "127.0.0.1", "-ext", "bc:c=ca:true");
        return Files.readString(Certificate.pem(store, folder.resolve(name + ".pem")));
    }

    private Path file(String text) throws Exception {
        return PrivateFile.write(folder.resolve("trust.pem"), text);
    }

    private ReloadingFile<X509ExtendedTrustManager> trust(Path file) throws Exception {
        return ClientTrust.of(file, status, nanos::get);
    }

    private void refused(String text, String message) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> trust(file)).hasMessage("The file tls-trust=" + file + " " + message);
    }

    @Test
    void severalAuthoritiesAndAChangeWithoutARestart() throws Exception {
        String one = authority("one");
        String two = authority("two");
        ReloadingFile<X509ExtendedTrustManager> trust = trust(file("two authorities\n" + one + two));
        assertThat(trust.get().getAcceptedIssuers())
                .extracting(issuer -> issuer.getSubjectX500Principal().getName())
                .containsExactlyInAnyOrder("CN=one", "CN=two");

        file(two);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(trust.get().getAcceptedIssuers()).hasSize(1);
        file("damaged");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(trust.get().getAcceptedIssuers()).hasSize(1);
        assertThat(status.outdatedSince()).isNotNull();
    }

    @Test
    void aFileThatCannotBeUsedSaysWhy() throws Exception {
        refused("", "contains no certificate. It must contain those of authorities, in PEM.");
        refused(
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "contains a private key. Keep the key of an authority off the nodes; only its certificate is needed.");
        refused(
                Files.readString(Certificate.pem(
                        Certificate.make(folder.resolve("node"), "node", "127.0.0.1"), folder.resolve("node.pem"))),
                "contains a certificate that is not of an authority: CN=node. Use that of the authority that signed it.");
        refused(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "is damaged: its block CERTIFICATE in line 1 is not a certificate. Copy it again.");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> trust(none)).hasMessage("The file tls-trust=" + none + " does not exist.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void othersMayReadItAndNotWriteIt() throws Exception {
        Path file = file(authority("one"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(trust(file).get().getAcceptedIssuers()).hasSize(1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThatThrownBy(() -> trust(file))
                .hasMessage("The file tls-trust=" + file
                        + " can be changed by others. Check its content, then restrict access" + " with: chmod go= '"
                        + file + "'");
    }

    @Test
    void aBinaryFileIsSaid() throws Exception {
        String binary =
                "is a binary file, as PKCS #12 (.pfx, .p12) and DER (.cer, .der) are. Export only the certificates"
                        + " of the authorities, in PEM (Base64).";
        Path pkcs12 = Certificate.make(folder.resolve("ca.p12"), "one", "127.0.0.1", "-ext", "bc:c=ca:true");
        assertThatThrownBy(() -> trust(pkcs12)).hasMessage("The file tls-trust=" + pkcs12 + " " + binary);
        Path der = PrivateFile.write(
                folder.resolve("ca.cer"),
                KeyStore.getInstance(pkcs12.toFile(), Certificate.PASSWORD.toCharArray())
                        .getCertificate("agent")
                        .getEncoded());
        assertThatThrownBy(() -> trust(der)).hasMessage("The file tls-trust=" + der + " " + binary);
    }

    @Test
    void theFormOfOpensslIsSaid() throws Exception {
        refused(
                authority("one").replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
                "contains a certificate in another form, TRUSTED CERTIFICATE, in line 1. Convert it with openssl x509, which"
                        + " writes CERTIFICATE.");
    }
}
