package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.OtherAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PreparedDirectoryTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void isPreparedForAnotherAccountAndGivenToIt() throws Exception {
        Path path = folder.resolve("a/s");
        List<String> given = new ArrayList<>();
        FileRights own = FileRights.of(folder);
        FileRights ofAnother = new DelegatingRights(own) {
            @Override
            public boolean isTrusted(UserPrincipal owner) {
                return !given.isEmpty();
            }

            @Override
            public UserPrincipal account() throws IOException {
                given.add("asked");
                return own.account();
            }
        };

        assertThat(PreparedDirectory.prepare(path, ofAnother)).containsExactly(path, folder.resolve("a"));

        assertThat(given).as("the owner was set").hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        assertThat(PreparedDirectory.prepare(path, ofAnother)).isEmpty();
    }

    @Test
    void isDeletedWithTheDirectoriesAboveItThatAreNew() throws Exception {
        Path path = folder.resolve("a/b/s");

        PreparedDirectory.delete(PreparedDirectory.prepare(path, FileRights.of(folder)));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsInUseStays() throws Exception {
        Path path = folder.resolve("a/s");
        List<Path> created = PreparedDirectory.prepare(path, FileRights.of(folder));
        Path other = Files.createFile(folder.resolve("a/file"));

        PreparedDirectory.delete(created);

        assertThat(path).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void oneThatCannotBeGivenToTheAccountIsDeleted() throws Exception {
        FileRights ofAnother = new DelegatingRights(OtherAccount.rights()) {
            @Override
            public UserPrincipal account() throws IOException {
                throw new IOException("no right to give files away");
            }
        };

        assertThatThrownBy(() -> PreparedDirectory.prepare(folder.resolve("a/s"), ofAnother))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("no right to give files away");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void canBePreparedWhileAnAgentUsesIt() throws Exception {
        try (StateDirectory used = StateDirectory.open(folder.resolve("s"), CLOCK)) {
            assertThat(PreparedDirectory.prepare(used.path(), used.rights())).isEmpty();
        }
    }

    @Test
    void oneOfAForeignOwnerIsNotPrepared() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));

        assertThatThrownBy(() -> PreparedDirectory.prepare(path, OtherAccount.rights()))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("belongs to");
        try (var files = Files.list(path)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFileIsNotPrepared() throws Exception {
        Path path = Files.createFile(folder.resolve("s"));

        assertThatThrownBy(() -> PreparedDirectory.prepare(path, FileRights.of(folder)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("is not a directory");
    }

    /** Such as Wine's: only the account itself can tell whether it may use the directory. */
    @Test
    void whereNoOwnerIsKeptAnExistingDirectoryIsAccepted() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));
        FileRights keepingNothing = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isTrusted(UserPrincipal owner) {
                return false;
            }
        };

        assertThat(PreparedDirectory.prepare(path, keepingNothing)).isEmpty();
    }
}
