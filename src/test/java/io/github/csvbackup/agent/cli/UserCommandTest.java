package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Passwords;
import io.github.csvbackup.security.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCommandTest {
    @TempDir
    Path folder;

    private static String line(String name, String input) throws StartException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UserCommand.print(
                name,
                Role.READER,
                null,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsALineInWhichThePasswordDoesNotStand() throws Exception {
        assertThat(line("prometheus", "a long password\nmore"))
                .startsWith("prometheus reader pbkdf2-sha256:600000:")
                .doesNotContain("password");
    }

    @Test
    void aShortPasswordIsSaidToBeShort() {
        assertThatThrownBy(() -> line("prometheus", "short"))
                .isInstanceOf(UsageException.class)
                .hasMessage("The password is too short; give at least 12 characters.");
        assertThatThrownBy(() -> line("prometheus", "")).hasMessageContaining("too short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "operator", "#x"})
    void aNameThatTheFileCouldNotHoldIsRefused(String name) {
        assertThatThrownBy(() -> line(name, "a long password"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be a name");
    }

    private static String line(byte[] input) throws StartException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UserCommand.print(
                "ann",
                Role.READER,
                null,
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private boolean matches(String line, String password) throws IOException {
        Passwords passwords =
                new Passwords(PrivateFile.write(folder.resolve("users"), line), new FileStatus(Clock.systemUTC()));
        String pair = Base64.getEncoder().encodeToString(("ann:" + password).getBytes(StandardCharsets.UTF_8));
        return new Authentication(() -> "the token", passwords)
                .check("Basic " + pair, InetAddress.getLoopbackAddress())
                .identity()
                .name()
                .equals("ann");
    }

    @Test
    void aByteOrderMarkAndTheLineEndAreNotPartOfThePassword() throws Exception {
        String line = line("\uFEFFein langes Paßwort\r\nmore".getBytes(StandardCharsets.UTF_8));

        assertThat(matches(line, "ein langes Paßwort")).isTrue();
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> line("ein langes Paßwort".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(UsageException.class)
                .hasMessage("The password in the input is not UTF-8; save it as UTF-8.");
        assertThatThrownBy(() -> line("\uFEFFa long password".getBytes(StandardCharsets.UTF_16LE)))
                .hasMessage("The password in the input is not UTF-8; save it as UTF-8.");
        assertThatThrownBy(() -> line("a".repeat(5000).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("longer than 4096 bytes");
    }

    @Test
    void scriptsGiveThePasswordInAFile() throws Exception {
        String line = lineOfFile(PrivateFile.write(file(), "\uFEFFein langes Paßwort\r\n", StandardCharsets.UTF_16LE));

        assertThat(line).startsWith("ann reader pbkdf2-sha256:");
        assertThat(matches(line, "ein langes Paßwort")).isTrue();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPasswordFileThatOthersCanReadOrThatIsNotThereIsRefused() throws Exception {
        assertThatThrownBy(() -> lineOfFile(file()))
                .isInstanceOf(StartException.class)
                .hasMessage("The password file " + file() + " does not exist.");
        PrivateFile.write(file(), "short");
        assertThatThrownBy(() -> lineOfFile(file())).hasMessageContaining("too short");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> lineOfFile(file()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("can be read by others");
    }

    private Path file() {
        return folder.resolve("password");
    }

    private static String lineOfFile(Path file) throws StartException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UserCommand.print("ann", Role.READER, file, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
