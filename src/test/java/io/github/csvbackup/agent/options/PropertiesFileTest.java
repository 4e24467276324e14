package io.github.csvbackup.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\users\\x",
                "C:\\new\\table\\root\\u0041",
                "D:\\Program Files (x86)\\csv=backup\\",
                "\\\\server\\share$\\état",
                "\\\\?\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\",
                "C:/a:b#c!d"
            })
    void aWindowsPathIsWhatItSays(String path) throws Exception {
        assertThat(read("state-dir=" + path + "\r\n", StandardCharsets.UTF_8))
                .isEqualTo(Map.of(Option.STATE_DIR, path));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() throws Exception {
        assertThat(read("\uFEFFport=1\nhost=::1", StandardCharsets.UTF_8))
                .isEqualTo(Map.of(Option.PORT, "1", Option.HOST, "::1"));
    }

    /** As {@code >} and Out-File of Windows PowerShell 5.1 write it. */
    @Test
    void utf16WithItsMarkIsRead() throws Exception {
        assertThat(read("\uFEFFport=1\r\nstate-dir=C:\\état\r\n", StandardCharsets.UTF_16LE))
                .isEqualTo(Map.of(Option.PORT, "1", Option.STATE_DIR, "C:\\état"));
    }

    @Test
    void whatIsNotTextIsRefused() {
        assertThatThrownBy(() -> read("port=1\u0000", StandardCharsets.UTF_8))
                .isInstanceOf(UsageException.class)
                .hasMessage("The options file config=" + file()
                        + " is not text: it contains control characters; save it as plain text in UTF-8.");
    }

    /** A program that can write it can choose the state directory and the users. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void oneThatOthersCanChangeIsRefused() throws Exception {
        Files.writeString(file(), "port=1");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));

        assertThatThrownBy(() -> PropertiesFile.read(file()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("can be changed by others");
    }

    @Test
    void commentsEmptyLinesAndSpacesAroundAreIgnored() throws Exception {
        assertThat(read("# port=1\n\n   # x\n  host =  localhost \t\n", StandardCharsets.UTF_8))
                .isEqualTo(Map.of(Option.HOST, "localhost"));
    }

    @Test
    void anUnknownKeyNamesItsLine() {
        assertThatThrownBy(() -> read("port=1\nstale=3h", StandardCharsets.UTF_8))
                .isInstanceOf(UsageException.class)
                .hasMessage("Unknown option 'stale' (" + file() + " line 2); did you mean 'stale-after'?");
    }

    @Test
    void aLineWithoutEqualSignNamesItsLine() {
        assertThatThrownBy(() -> read("port 1", StandardCharsets.UTF_8))
                .isInstanceOf(UsageException.class)
                .hasMessage("'port 1' (" + file() + " line 1) is not key=value.");
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        assertThatThrownBy(() -> read("port=1\nport=2", StandardCharsets.UTF_8))
                .isInstanceOf(UsageException.class)
                .hasMessage("'port' (" + file() + " line 2) is given twice; keep one of them.");
    }

    @Test
    void aFileDoesNotNameAnotherFile() {
        assertThatThrownBy(() -> read("config=x", StandardCharsets.UTF_8))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not valid in an options file");
    }

    @Test
    void anotherEncodingIsRefusedAndNotGuessedAt() {
        assertThatThrownBy(() -> read("state-dir=C:\\état", StandardCharsets.ISO_8859_1))
                .isInstanceOf(UsageException.class)
                .hasMessage("The options file config=" + file() + " is not UTF-8; save it as UTF-8.");
    }

    @Test
    void aFolderInItsPlaceIsSaid() {
        assertThatThrownBy(() -> PropertiesFile.read(folder))
                .isInstanceOf(UsageException.class)
                .hasMessage("The options file config=" + folder
                        + " is not a regular file. Move it away or choose another file.");
    }

    private Path file() {
        return folder.resolve("agent.properties");
    }

    private Map<Option, String> read(String text, Charset charset) throws Exception {
        return PropertiesFile.read(Files.write(file(), text.getBytes(charset)));
    }
}
