package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of tls-keystore, and what is said about each that cannot be used. */
class KeyFileTest {
    @TempDir
    static Path shared;

    private static Path p12;
    private static Path password;
    private static String key;
    private static String certificate;
    private static String otherCertificate;

    @TempDir
    Path folder;

    @BeforeAll
    static void files() throws Exception {
        p12 = Certificate.make(shared.resolve("agent.p12"), "agent", "127.0.0.1");
        password = PrivateFile.write(shared.resolve("password"), Certificate.PASSWORD + "\n");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(p12)) {
            store.load(in, Certificate.PASSWORD.toCharArray());
        }
        Key found = store.getKey("agent", Certificate.PASSWORD.toCharArray());
        key = pem("PRIVATE KEY", found.getEncoded());
        certificate = pem("CERTIFICATE", store.getCertificate("agent").getEncoded());
        Path other = Certificate.make(shared.resolve("other.p12"), "other", "127.0.0.1");
        otherCertificate = Files.readString(Certificate.pem(other, shared.resolve("other.pem")));
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    private Path file(String text) throws Exception {
        return PrivateFile.write(folder.resolve("agent.pem"), text);
    }

    private static ServerCertificate read(Path file, Path passwordFile) throws Exception {
        KeyFile.Content content = new KeyFile(file, passwordFile).read();
        String alias = content.manager().getServerAliases("EC", null)[0];
        assertThat(content.manager().getPrivateKey(alias)).isNotNull();
        assertThat(content.manager().getCertificateChain(alias)).isNotEmpty();
        return content.certificate();
    }

    private void refused(Path file, Path passwordFile, String message) {
        assertThatThrownBy(() -> new KeyFile(file, passwordFile).read())
                .isInstanceOf(FileRefusedException.class)
                .hasMessage("The file tls-keystore=" + file + " " + message);
    }

    private void refused(String text, String message) throws Exception {
        refused(file(text), null, message);
    }

    @Test
    void pkcs12AndPemGiveTheSame() throws Exception {
        ServerCertificate same = read(p12, password);

        assertThat(same.names()).containsExactly("localhost");
        assertThat(read(file(key + certificate), null)).isEqualTo(same);
        assertThat(read(file("Bag Attributes\n\tfriendlyName: agent\n" + certificate + "\r\n" + key), null))
                .as("as openssl writes it")
                .isEqualTo(same);
        assertThat(read(file(otherCertificate + certificate + key), null))
                .as("in another order")
                .isEqualTo(same);
        assertThat(read(file(key + certificate), password))
                .as("PEM needs no password")
                .isEqualTo(same);
        Path utf16 =
                PrivateFile.write(folder.resolve("utf16.pem"), "\uFEFF" + key + certificate, StandardCharsets.UTF_16LE);
        assertThat(read(utf16, null)).isEqualTo(same);
    }

    @Test
    void aWrongPasswordIsNotDamage() throws Exception {
        Path wrong = PrivateFile.write(folder.resolve("wrong"), "not it");

        refused(
                p12,
                wrong,
                "does not open with this password. Check the password in tls-password-file=" + wrong
                        + "; if it is right, the file was changed or damaged.");
        refused(
                p12,
                null,
                "does not open with this password. Give a file that contains the password with tls-password-file.");
    }

    @Test
    void damageIsSaid() throws Exception {
        byte[] good = Files.readAllBytes(p12);
        Path cut = PrivateFile.write(folder.resolve("cut.p12"), Arrays.copyOf(good, good.length / 2));
        assertThatThrownBy(() -> new KeyFile(cut, password).read())
                .hasMessageMatching(
                        "The file tls-keystore=.+/cut.p12 is damaged, or is not a PKCS #12 file.*\\. Copy or"
                                + " export it again.");
        for (String text : new String[] {"", "damaged", "\u0000\u0001"}) {
            Path file = file(text);
            assertThatThrownBy(() -> new KeyFile(file, password).read())
                    .hasMessageContaining(" is damaged, or is not a PKCS #12 file");
        }
    }

    /** Java's parser must not throw anything else, whatever the damage is. */
    @Test
    void eachChangedByteIsRefusedOrHarmless() throws Exception {
        byte[] good = Files.readAllBytes(p12);
        Path file = folder.resolve("changed.p12");
        int refused = 0;
        for (int i = 0; i < good.length; i += i < 80 ? 1 : 37) {
            byte[] changed = good.clone();
            changed[i] ^= 0x41;
            PrivateFile.write(file, changed);
            try {
                assertThat(new KeyFile(file, password).read()).isNotNull();
            } catch (FileRefusedException e) {
                refused++;
                assertThat(e.getMessage()).startsWith("The file tls-keystore=" + file + " ");
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void aBrokenPemIsSaid() throws Exception {
        refused(
                certificate + key.substring(0, key.length() - 30),
                "is damaged: its block PRIVATE KEY in line "
                        + (certificate.lines().count() + 1) + " has no end. Copy it again.");
        refused(
                key.replaceFirst("\n.", "\n\u00fc") + certificate,
                "is damaged: its block PRIVATE KEY in line 1 is not Base64. Copy it again.");
        refused(
                pem("CERTIFICATE", new byte[] {1, 2, 3}) + key,
                "is damaged: its block CERTIFICATE in line 1 is not a certificate. Copy it again.");
        refused(
                pem("PRIVATE KEY", new byte[] {1, 2, 3}) + certificate,
                "contains a damaged private key, or one of a kind that this Java does not support. Use an RSA key or one with the"
                        + " elliptic curve P-256, P-384 or P-521 (before Java 22, the latter needs the module jdk.crypto.ec).");
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        refused(key, "contains a private key without its certificate. Add the certificate, in PEM.");
        refused(certificate, "contains no private key, only: CERTIFICATE. Add the key of the certificate, in PKCS #8.");
        refused(key + key + certificate, "contains 2 private keys. Keep the one of the certificate.");
        refused(
                key + otherCertificate,
                "contains a private key that does not belong to its certificate. Use the key with which the certificate was"
                        + " requested.");
    }

    @Test
    void aCertificateWithoutKeyInPkcs12IsSaid() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        KeyStore from = KeyStore.getInstance(p12.toFile(), Certificate.PASSWORD.toCharArray());
        store.setCertificateEntry("agent", from.getCertificate("agent"));
        Path file = folder.resolve("only.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, Certificate.PASSWORD.toCharArray());
        }
        PrivateFile.close(file);

        refused(
                file,
                password,
                "contains no private key. Export the certificate together with its key, as .pfx or .p12.");
    }

    @Test
    void aFileThatIsMissingIsSaid() {
        refused(folder.resolve("none.p12"), password, "does not exist.");
        assertThatThrownBy(() -> new KeyFile(p12, folder.resolve("none")).read())
                .hasMessage("The file tls-password-file=" + folder.resolve("none") + " does not exist.");
    }

    /** Java 17 reads such a key and cannot sign with it. */
    @Test
    void aKeyWithACurveThatJavaDoesNotHaveIsSaid() throws Exception {
        String secp256k1 = "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgxfUN1/tVP7ULvUE//jR0VqYuQtKiTjNaQMwi"
                + "NV7sd5WhRANCAASNSgObnvPK3qIzNTNaObEVJj5khbmxfahIZ31ovu78o50NX+c4y+1Q17gWi7oWv7unYPc1/h8q4WWnni4mH0aw";
        Path file = file(pem("PRIVATE KEY", Base64.getDecoder().decode(secp256k1)) + certificate);

        assertThatThrownBy(() -> new KeyFile(file, null).read())
                .isInstanceOf(FileRefusedException.class)
                .hasMessageStartingWith("The file tls-keystore=" + file + " contains a ")
                .hasMessageContaining("private key")
                .hasMessageContaining(" this Java ")
                .hasMessageEndingWith(
                        " Use an RSA key or one with the elliptic curve P-256, P-384 or P-521 (before Java 22,"
                                + " the latter needs the module jdk.crypto.ec).")
                .hasMessageNotContaining("does not belong");
    }

    @Test
    void aPemFileWithOneByteOfAnotherCharsetIsNotTakenForPkcs12() throws Exception {
        Path file = PrivateFile.write(
                folder.resolve("latin1.pem"),
                ("of M\u00fcller\n" + key + certificate).getBytes(StandardCharsets.ISO_8859_1));

        refused(file, null, "is not UTF-8; save it as UTF-8.");
    }

    @Test
    void theFormOfOpensslIsSaid() throws Exception {
        refused(
                key + certificate.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
                "contains a certificate in another form, TRUSTED CERTIFICATE, in line "
                        + (key.lines().count() + 1)
                        + ". Convert it with openssl x509, which writes CERTIFICATE.");
    }

    /** Which one clients would get depends on chance. */
    @Test
    void severalKeysInPkcs12AreRefused() throws Exception {
        Path file = Certificate.make(folder.resolve("two.p12"), "one", "127.0.0.1");
        KeyStore store = KeyStore.getInstance(file.toFile(), Certificate.PASSWORD.toCharArray());
        KeyStore other = KeyStore.getInstance(p12.toFile(), Certificate.PASSWORD.toCharArray());
        store.setKeyEntry(
                "other",
                other.getKey("agent", Certificate.PASSWORD.toCharArray()),
                Certificate.PASSWORD.toCharArray(),
                other.getCertificateChain("agent"));
        try (var out = Files.newOutputStream(file)) {
            store.store(out, Certificate.PASSWORD.toCharArray());
        }

        refused(file, password, "contains 2 private keys. Export the one of this node alone, with its certificate.");
    }
}
