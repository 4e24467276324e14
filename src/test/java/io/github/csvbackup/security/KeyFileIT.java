package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.files.PrivateFile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of tls-keystore that openssl made, and the commands in messages about those that cannot be used. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The commands are run by a POSIX shell.")
class KeyFileIT {
    private static final String EC = "openssl ecparam -name prime256v1 -genkey -out old.key";
    private static final String RSA = "openssl genrsa -traditional -out old.key 2048";

    @TempDir
    Path folder;

    @BeforeEach
    void openssl() {
        RealPart.program("Debian's package openssl", "openssl");
    }

    private void run(String... commands) throws Exception {
        for (String command : commands) {
            Process process = new ProcessBuilder("bash", "-c", "umask 077; " + command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(folder.resolve("said").toFile())
                    .start();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(command).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(folder.resolve("said")))
                    .isZero();
        }
    }

    /** old.key in its old form, key.pem in PKCS #8, and cert.pem. */
    private void makeKey(String command) throws Exception {
        run(
                command,
                "openssl pkcs8 -topk8 -nocrypt -in old.key -out new.key",
                "openssl req -x509 -key old.key -subj /CN=node1 -addext subjectAltName=DNS:node1.example.com -days 3 -out"
                        + " cert.pem");
    }

    private KeyFile.Content read(String name) throws Exception {
        return new KeyFile(folder.resolve(name), null).read();
    }

    @ParameterizedTest
    @ValueSource(strings = {EC, RSA})
    void pemOfBothKinds(String command) throws Exception {
        makeKey(command);
        run("cat new.key cert.pem > agent.pem");

        assertThat(read("agent.pem").certificate().names()).containsExactly("node1.example.com");
    }

    /** The commands in the message are run as they are. */
    @ParameterizedTest
    @ValueSource(strings = {EC, RSA})
    void anOldFormIsConvertedAsTheMessageSays(String command) throws Exception {
        makeKey(command);
        run("cat cert.pem old.key > agent.pem");

        convert("contains a private key in the old form ", "");
    }

    @Test
    void anEncryptedKeyIsDecryptedAsTheMessageSays() throws Exception {
        makeKey(RSA);
        run("openssl pkcs8 -topk8 -v2 aes256 -passout pass:secret -in old.key -out encrypted.key");
        run("cat encrypted.key cert.pem > agent.pem");
        convert("contains an encrypted private key; expected an unencrypted one.", " -passin pass:secret");

        run("openssl rsa -traditional -aes256 -passout pass:secret -in old.key -out encrypted.key");
        run("cat encrypted.key cert.pem > agent.pem");
        convert("contains a private key in the old form RSA PRIVATE KEY; expected PKCS #8.", " -passin pass:secret");
    }

    private void convert(String message, String typed) throws Exception {
        String[] said = new String[1];
        assertThatThrownBy(() -> read("agent.pem"))
                .hasMessageContaining(message)
                .satisfies(e -> said[0] = e.getMessage());
        Matcher command = Pattern.compile("with: (openssl pkey .+ -out key.pem) and put it in place of the old key\\.$")
                .matcher(said[0]);
        assertThat(command.find()).as(said[0]).isTrue();
        run(command.group(1) + typed, "cat key.pem cert.pem > agent.pem");
        assertThat(read("agent.pem").certificate().names()).containsExactly("node1.example.com");
    }

    @Test
    void whatOpensslExports() throws Exception {
        makeKey(EC);
        Path password = PrivateFile.write(folder.resolve("password"), "secret\n");
        run("openssl pkcs12 -export -inkey new.key -in cert.pem -passout pass:secret -out agent.p12");
        assertThat(new KeyFile(folder.resolve("agent.p12"), password)
                        .read()
                        .certificate()
                        .names())
                .containsExactly("node1.example.com");

        run("openssl pkcs12 -export -nocerts -inkey new.key -passout pass:secret -out agent.p12");
        assertThatThrownBy(() -> new KeyFile(folder.resolve("agent.p12"), password).read())
                .hasMessageEndingWith(
                        "contains a private key without its certificate. Export both together, as .pfx or .p12.");
        run("openssl pkcs12 -export -nokeys -in cert.pem -passout pass:secret -out agent.p12");
        assertThatThrownBy(() -> new KeyFile(folder.resolve("agent.p12"), password).read())
                .hasMessageContaining(" contains no private key. Export ");
        run("openssl x509 -in cert.pem -outform DER -out agent.p12");
        assertThatThrownBy(() -> new KeyFile(folder.resolve("agent.p12"), password).read())
                .hasMessageContaining(" is damaged, or is not a PKCS #12 file");
    }
}
