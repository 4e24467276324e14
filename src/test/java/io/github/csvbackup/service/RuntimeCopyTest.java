package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeCopyTest {
    @TempDir
    Path temporary;

    private Path home;
    private Path folder;
    private RuntimeCopy copies;
    private JavaRuntime java;

    @BeforeEach
    void aJavaAndAFolder() throws IOException {
        home = temporary.resolve("jdk");
        folder = Files.createDirectories(temporary.resolve("agent"));
        for (String file : List.of("bin/java.exe", "lib/modules", "lib/src.zip", "jmods/java.base.jmod", "release")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), file);
        }
        copies = new RuntimeCopy(folder);
        java = new JavaRuntime(home, "17.0.9");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void copiesWhatRunsPrograms() throws Exception {
        assertThat(copies.make(java)).isTrue();

        assertThat(files())
                .containsExactly(
                        "java-17.0.9/bin/java.exe",
                        "java-17.0.9/copied-by-csv-backup-agent.txt",
                        "java-17.0.9/lib/modules",
                        "java-17.0.9/release");
        assertThat(copies.place(java).home()).isEqualTo(folder.resolve("java-17.0.9"));
        assertThat(folder.resolve("java-17.0.9/lib/modules")).hasContent("lib/modules");
    }

    @Test
    void theSameVersionIsNotCopiedTwice() throws Exception {
        copies.make(java);
        Files.writeString(home.resolve("lib/modules"), "changed");

        assertThat(copies.make(java)).isFalse();
        assertThat(folder.resolve("java-17.0.9/lib/modules")).hasContent("lib/modules");
    }

    /** As the licences of a JDK are; Windows would not let Java delete the copy. */
    @Test
    void theCopyOfAReadOnlyFileCanBeDeleted() throws Exception {
        Files.setPosixFilePermissions(home.resolve("release"), PosixFilePermissions.fromString("r--r--r--"));

        copies.make(java);

        assertThat(Files.getPosixFilePermissions(folder.resolve("java-17.0.9/release")))
                .contains(PosixFilePermission.OWNER_WRITE);
    }

    /** The command itself may run with the copy. */
    @Test
    void aCopyIsNotCopiedOntoItself() throws Exception {
        copies.make(java);

        assertThat(copies.make(copies.place(java))).isFalse();
    }

    @Test
    void refusesWithoutRoom() throws Exception {
        RuntimeCopy small = new RuntimeCopy(folder, path -> 64L << 20);

        assertThatThrownBy(() -> small.make(java))
                .isInstanceOf(ServiceException.class)
                .hasMessage("There is not enough room in " + folder
                        + " for a copy of the Java: it needs 64 MB, and 64 MB are free.");
        assertThat(files()).isEmpty();
    }

    @Test
    void nothingIsLeftOfACopyThatFails() throws Exception {
        // Room is read after the files were listed: now one of them disappears.
        RuntimeCopy broken = new RuntimeCopy(folder, path -> {
            Files.delete(home.resolve("release"));
            return Long.MAX_VALUE;
        });

        assertThatThrownBy(() -> broken.make(java))
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith(
                        "The Java in " + home + " cannot be copied to " + folder.resolve("java-17.0.9"));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatAnInterruptedCopyLeftIsReplaced() throws Exception {
        Files.createDirectories(folder.resolve("java-17.0.9.new"));
        Files.writeString(folder.resolve("java-17.0.9.new/old"), "old");

        assertThat(copies.make(java)).isTrue();
        assertThat(files()).doesNotContain("java-17.0.9/old", "java-17.0.9.new/old");
    }

    /** As after Ctrl+C: what deletes it otherwise does not run. */
    @Test
    void whatAnInterruptedCopyLeftIsDeletedWithTheCopies() throws Exception {
        RuntimeCopy killed = new RuntimeCopy(folder, new RuntimeCopy.Disk() {
            @Override
            public long freeBytes(Path ofCopy) throws IOException {
                Files.delete(home.resolve("release"));
                return Long.MAX_VALUE;
            }

            @Override
            public void delete(Path file) throws IOException {
                throw new IOException("killed");
            }
        });
        assertThatThrownBy(() -> killed.make(java)).isInstanceOf(ServiceException.class);
        assertThat(folder.resolve("java-17.0.9.new")).exists();

        assertThat(copies.deleteExcept(List.of())).isEmpty();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCopyCanBeCopiedToAnotherFolder() throws Exception {
        copies.make(java);
        Path other = Files.createDirectories(temporary.resolve("other"));

        assertThat(new RuntimeCopy(other).make(copies.place(java))).isTrue();

        assertThat(other.resolve("java-17.0.9/copied-by-csv-backup-agent.txt"))
                .content()
                .startsWith("A copy of " + folder);
    }

    @Test
    void aFolderOfSomeoneElseIsNotReplaced() throws Exception {
        Files.createDirectories(folder.resolve("java-17.0.9"));

        assertThatThrownBy(() -> copies.make(java)).hasMessageContaining("is not a copy of a Java by this command");
    }

    @Test
    void deletesTheOtherCopiesAndOnlyThose() throws Exception {
        copies.make(java);
        JavaRuntime newer = new JavaRuntime(home, "21.0.1");
        copies.make(newer);
        Files.createDirectories(folder.resolve("java-mine"));
        Files.writeString(folder.resolve("java-mine/file"), "mine");

        assertThat(copies.deleteExcept(List.of(copies.place(newer).home()))).isEmpty();

        assertThat(folder.resolve("java-17.0.9")).doesNotExist();
        assertThat(folder.resolve("java-21.0.1/bin/java.exe")).exists();
        assertThat(folder.resolve("java-mine/file")).exists();
    }

    /** On Windows the program of a running service cannot be deleted; a folder with a file plays it here. */
    @Test
    void aCopyInUseStaysWhole() throws Exception {
        copies.make(java);
        Path copy = folder.resolve("java-17.0.9");
        Files.delete(copy.resolve("bin/java.exe"));
        Files.createDirectories(copy.resolve("bin/java.exe/in-use"));

        assertThat(copies.deleteExcept(List.of())).containsExactly(copy);
        assertThat(copy.resolve("lib/modules")).exists();
    }

    /** Such as one that a virus scanner reads. */
    @Test
    void whatIsLeftOfACopyIsDeletedTheNextTime() throws Exception {
        LockingDisk disk = new LockingDisk("modules");
        RuntimeCopy locked = new RuntimeCopy(folder, disk);
        locked.make(java);
        Path copy = folder.resolve("java-17.0.9");

        assertThat(locked.deleteExcept(List.of())).containsExactly(copy);
        assertThat(copy.resolve("lib/modules")).exists();
        assertThat(copy.resolve("bin/java.exe")).doesNotExist();

        disk.isLocked = false;
        assertThat(locked.deleteExcept(List.of())).isEmpty();
        assertThat(copy).doesNotExist();
    }

    /** The service would not start with it. */
    @Test
    void whatIsLeftOfACopyIsNotACopy() throws Exception {
        LockingDisk disk = new LockingDisk("modules");
        RuntimeCopy locked = new RuntimeCopy(folder, disk);
        locked.make(java);
        locked.undo(java);

        assertThatThrownBy(() -> locked.make(java))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("cannot be copied to " + folder.resolve("java-17.0.9"))
                .hasMessageContaining("it is in use");

        disk.isLocked = false;
        assertThat(locked.make(java)).isTrue();
        assertThat(folder.resolve("java-17.0.9/bin/java.exe")).exists();
    }

    /** As on Windows, where a file that is in use cannot be deleted. */
    private static final class LockingDisk implements RuntimeCopy.Disk {
        private final String fileName;
        private boolean isLocked = true;

        LockingDisk(String fileName) {
            this.fileName = fileName;
        }

        @Override
        public long freeBytes(Path folder) {
            return Long.MAX_VALUE;
        }

        @Override
        public void delete(Path file) throws IOException {
            if (isLocked && file.endsWith(fileName)) {
                throw new FileSystemException(file.toString(), null, "it is in use");
            }
            RuntimeCopy.Disk.super.delete(file);
        }
    }

    @Test
    void anUndoneCopyIsGone() throws Exception {
        copies.make(java);

        copies.undo(java);

        assertThat(files()).isEmpty();
    }
}
