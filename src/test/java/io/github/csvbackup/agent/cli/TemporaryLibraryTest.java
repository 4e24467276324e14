package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Other accounts can create files in the system's temporary folder, with any name. */
class TemporaryLibraryTest {
    @TempDir
    Path temporary;

    private Path leftover;

    @BeforeEach
    void aFolderOfAnEarlierCommand() throws IOException {
        leftover = Files.createDirectory(temporary.resolve("csv-backup-probe-1"));
        Files.writeString(leftover.resolve("csv-backup-jna.dll"), "library");
    }

    private void deleteFolders() throws IOException {
        TemporaryLibrary.deleteFoldersIn(temporary, FileRights.of(temporary));
    }

    @Test
    void deletesTheFoldersOfEarlierCommands() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("other"));

        deleteFolders();

        assertThat(leftover).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void followsNoLink() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        Files.writeString(data.resolve("file"), "data");
        Files.createSymbolicLink(temporary.resolve("csv-backup-probe-2"), data);
        Files.createSymbolicLink(leftover.resolve("link"), data);

        deleteFolders();

        assertThat(data.resolve("file")).exists();
        assertThat(temporary.resolve("csv-backup-probe-2")).isSymbolicLink();
        assertThat(leftover.resolve("link")).isSymbolicLink();
    }

    /** The commands create none. */
    @Test
    void aFolderInAFolderStays() throws IOException {
        Path inner = Files.createDirectory(leftover.resolve("inner"));
        Files.writeString(inner.resolve("file"), "data");

        deleteFolders();

        assertThat(inner.resolve("file")).exists();
    }

    @Test
    void aFolderOfAnotherAccountStays() throws IOException {
        FileRights rights = new DelegatingRights(FileRights.of(temporary)) {
            @Override
            public boolean isTrusted(UserPrincipal account) {
                return false;
            }
        };

        TemporaryLibrary.deleteFoldersIn(temporary, rights);

        assertThat(leftover.resolve("csv-backup-jna.dll")).exists();
    }

    @Test
    void aFileOfThatNameStays() throws IOException {
        Path file = Files.writeString(temporary.resolve("csv-backup-probe-3"), "data");

        deleteFolders();

        assertThat(file).exists();
        assertThat(leftover).doesNotExist();
    }
}
