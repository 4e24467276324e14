package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Passwords;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCommandTest {
    @TempDir
    Path folder;

    /** Runs the command with this standard input. */
    private TestedCli user(String name, byte[] in, int code) {
        TestedCli cli = new TestedCli(Map.of(), in);
        assertThat(cli.execute("user", name, "reader")).isEqualTo(code);
        return cli;
    }

    private TestedCli user(String name, String in, int code) {
        return user(name, in.getBytes(StandardCharsets.UTF_8), code);
    }

    @Test
    void printsALineWithoutThePassword() {
        assertThat(user("prometheus", "a long password\nmore", 0).out())
                .startsWith("prometheus reader pbkdf2-sha256:600000:")
                .doesNotContain("password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", ""})
    void aShortPasswordIsRefused(String password) {
        assertThat(user("prometheus", password, 2).err())
                .isEqualTo(
                        "csv-backup-agent: The password is too short; use at least 12 characters. Run: java -jar csv-backup-agent.jar user --help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "operator", "#x"})
    void aNameThatTheFileCannotContainIsRefused(String name) {
        assertThat(user(name, "a long password", 2).err())
                .contains("'" + name + "' is not a valid user name; use one ");
    }

    private boolean matches(String line, String password) throws IOException {
        Passwords passwords =
                new Passwords(PrivateFile.write(folder.resolve("users"), line), new FileStatus(Clock.systemUTC()));
        String pair = Base64.getEncoder().encodeToString(("ann:" + password).getBytes(StandardCharsets.UTF_8));
        return passwords
                .check("Basic " + pair, InetAddress.getLoopbackAddress())
                .identity()
                .name()
                .equals("ann");
    }

    @Test
    void aByteOrderMarkAndTheLineEndAreNotPartOfThePassword() throws Exception {
        TestedCli cli = user("ann", "\uFEFFein langes Paßwort\r\nmore", 0);

        assertThat(matches(cli.out(), "ein langes Paßwort")).isTrue();
    }

    @Test
    void whatIsNotUtf8OrTooLongIsRefused() {
        String notUtf8 = "The password in the standard input is not UTF-8; save it as UTF-8.";
        assertThat(user("ann", "ein langes Paßwort".getBytes(StandardCharsets.ISO_8859_1), 2)
                        .err())
                .contains(notUtf8);
        assertThat(user("ann", "\uFEFFa long password".getBytes(StandardCharsets.UTF_16LE), 2)
                        .err())
                .contains(notUtf8);
        assertThat(user("ann", "a".repeat(5000), 2).err()).contains("longer than 4096 bytes");
    }

    @Test
    void scriptsGiveThePasswordInAFile() throws Exception {
        PrivateFile.write(file(), "\uFEFFein langes Paßwort\r\n", StandardCharsets.UTF_16LE);
        TestedCli cli = userWithFile(0);

        assertThat(cli.out()).startsWith("ann operator pbkdf2-sha256:");
        assertThat(matches(cli.out(), "ein langes Paßwort")).isTrue();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPasswordFileThatOthersCanReadOrThatDoesNotExistIsRefused() throws Exception {
        assertThat(userWithFile(1).err())
                .isEqualTo("csv-backup-agent: The password file " + file() + " does not exist.\n");
        PrivateFile.write(file(), "short");
        assertThat(userWithFile(2).err()).contains("too short");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(userWithFile(1).err()).contains("can be read by others");
    }

    private Path file() {
        return folder.resolve("password");
    }

    private TestedCli userWithFile(int code) {
        TestedCli cli = new TestedCli();
        assertThat(cli.execute("user", "ann", "operator", "--password-file=" + file()))
                .isEqualTo(code);
        return cli;
    }
}
