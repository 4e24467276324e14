package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a command finds in the place of its folder. {@code CertificateProcessesIT} ends real processes. */
class WorkFolderTest {
    private static final String NAME = ".csv-backup-certificates-1";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private WorkFolder create() throws Exception {
        return WorkFolder.create(folder, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private Path leftover() throws Exception {
        Path left = Files.createDirectories(folder.resolve(NAME));
        Files.createDirectory(left.resolve("authority"));
        Files.createFile(left.resolve("authority/ca.p12"));
        return left;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderThatOthersCouldWriteIsNotFollowed() throws Exception {
        Path left = leftover();
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Path link = Files.createSymbolicLink(folder.resolve(NAME + "-link"), other);
        Path file = Files.createFile(folder.resolve(NAME + "-file"));

        try (WorkFolder work = create()) {
            assertThat(work.path()).isDirectory();
        }

        assertThat(left.resolve("authority/ca.p12")).exists();
        assertThat(link).exists();
        assertThat(other).isEmptyDirectory();
        assertThat(file).exists();
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /** A directory in place of its lock: not even root can write that. */
    @Test
    void aFolderThatCannotBeDeletedIsNamed() throws Exception {
        Path left = leftover();
        Files.createDirectory(left.resolve("lock"));

        try (WorkFolder work = create()) {
            assertThat(work.path()).isDirectory();
        }

        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "The folder " + left + " of a command that was killed can hold the keys of an authority and of"
                                + " nodes, and could not be deleted: ")
                .endsWith(". Delete it.\n");
        assertThat(left.resolve("authority/ca.p12")).exists();
    }

    @Test
    void aFolderThatCannotBeDeletedAtTheEndIsNamed() throws Exception {
        WorkFolder work = create();
        Files.delete(work.path().resolve("lock"));
        Files.createDirectories(work.path().resolve("lock/key"));

        assertThatThrownBy(work::close)
                .hasMessage("The temporary folder " + work.path() + " could not be deleted: it holds keys. Delete it.");
    }
}
