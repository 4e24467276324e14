package io.github.csvbackup.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A stamp stays equal only while nothing about the file or its directory changes. */
@DisabledOnOs(OS.WINDOWS)
class PosixStampTest {
    @TempDir
    Path directory;

    private Path file;
    private FileRights later;

    @BeforeEach
    void create() throws Exception {
        file = Files.writeString(directory.resolve("secret"), "one\n");
        later = new PosixRights(
                Files.getOwner(file),
                Set.of(Files.getOwner(file)),
                Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
    }

    /** A change. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private void shows(Change change) throws IOException {
        Object before = later.stamp(file);
        FileTime when = changed();
        assertThat(before).isNotNull().isEqualTo(later.stamp(file));
        // Until the file system's clock has moved on.
        do {
            change.make();
        } while (changed().equals(when));
        assertThat(later.stamp(file)).isNotNull().isNotEqualTo(before);
    }

    private FileTime changed() throws IOException {
        FileTime ofFile = (FileTime) Files.getAttribute(file, "unix:ctime");
        FileTime ofDirectory = (FileTime) Files.getAttribute(directory, "unix:ctime");
        return ofFile.compareTo(ofDirectory) > 0 ? ofFile : ofDirectory;
    }

    @Test
    void everyChangeOfTheFileShows() throws Exception {
        shows(() -> Files.writeString(file, "two\n"));
        shows(() -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--")));
        shows(() -> {
            Files.deleteIfExists(directory.resolve("other"));
            Files.createLink(directory.resolve("other"), file);
        });
        shows(() -> Files.move(
                Files.writeString(directory.resolve("new"), "one\n"), file, StandardCopyOption.REPLACE_EXISTING));
        shows(() -> {
            Files.deleteIfExists(file);
            Files.createSymbolicLink(file, directory.resolve("other"));
        });
    }

    @Test
    void anOldDateOfTheContentHidesNothing() throws Exception {
        FileTime old = Files.getLastModifiedTime(file);
        shows(() -> {
            Files.writeString(file, "two\n");
            Files.setLastModifiedTime(file, old);
        });
    }

    @Test
    void theDirectoryCounts() throws Exception {
        shows(() -> Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx")));
    }

    /** A second change within the same tick of the file system's clock would not show. */
    @Test
    void aFileThatHasJustChangedHasNone() throws Exception {
        assertThat(FileRights.of(file).stamp(file)).isNull();
        Path within = Files.createDirectory(directory.resolve("within"));
        Path moved = within.resolve("secret");
        Files.move(file, moved);
        assertThat(FileRights.of(moved).stamp(moved)).isNull();
    }

    @Test
    void aFileThatIsGoneIsSaid() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> later.stamp(file)).isInstanceOf(NoSuchFileException.class);
    }
}
