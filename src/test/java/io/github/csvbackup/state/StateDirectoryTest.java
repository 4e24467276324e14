package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class StateDirectoryTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void isCreatedForItsOwnerAlone() throws Exception {
        Path path = folder.resolve("a").resolve("b");

        try (StateDirectory directory = StateDirectory.open(path, CLOCK)) {
            assertThat(directory.path()).isEqualTo(path);
            assertThat(mode(path)).isEqualTo("rwx------");
            assertThat(mode(path.resolve("agent.lock"))).isEqualTo("rw-------");
            try (var files = Files.list(path)) {
                assertThat(files).containsExactly(path.resolve("agent.lock"));
            }
        }
    }

    @Test
    void aSecondAgentIsToldWhoHoldsIt() throws Exception {
        Path path = folder.resolve("s");
        try (StateDirectory first = StateDirectory.open(path, CLOCK)) {
            assertThatThrownBy(() -> StateDirectory.open(first.path(), CLOCK))
                    .isInstanceOf(StateException.class)
                    .hasMessage("The state directory " + path + " is in use by another agent (process id "
                            + ProcessHandle.current().pid() + ", since 2026-01-02T03:04:05Z). Stop that one, or choose"
                            + " another directory with the option state-dir.");
        }
    }

    @Test
    void anotherProcessCannotLockItMeanwhileAndCanAfterwards() throws Exception {
        Path path = folder.resolve("s");
        StateDirectory.open(path, CLOCK).close();
        StateDirectory.open(path, CLOCK).close();

        try (FileChannel other = FileChannel.open(path.resolve("agent.lock"), StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> StateDirectory.open(path, CLOCK))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("is in use by another agent (process id ");
        }
        StateDirectory.open(path, CLOCK).close();
    }

    @Test
    void aLinkIsRefusedWithTheRealName() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThatThrownBy(() -> StateDirectory.open(link, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + link + " is a link, which could be turned elsewhere; name the real"
                        + " directory: state-dir=" + real.toRealPath() + ".");
    }

    @Test
    void oneThatOthersCanWriteToIsRefusedWithTheCommandThatMendsIt() throws Exception {
        Path path = Files.createDirectory(folder.resolve("it's open"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + path + " can be written to by others; mend it with: chmod go= '"
                        + path.toString().replace("'", "'\\''") + "'");

        String command = "chmod go= '" + path.toString().replace("'", "'\\''") + "'";
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        StateDirectory.open(path, CLOCK).close();
    }

    @Test
    void oneThatOthersCanOnlyReadIsUsed() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));

        StateDirectory.open(path, CLOCK).close();
    }

    @Test
    void oneOfAForeignOwnerIsRefusedWithTheCommandThatMendsIt() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));
        String me = Files.getOwner(path).getName();

        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK, new ForeignOwner()))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + path + " belongs to " + me + " and not to " + me
                        + ", who runs the agent; mend it with: sudo chown -R " + me + " '" + path + "'");
    }

    @Test
    void aFileInItsPlaceIsSaid() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StateDirectory.open(file, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + file
                        + " is not a directory. Choose another with the option state-dir.");
        assertThatThrownBy(() -> StateDirectory.open(file.resolve("below"), CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("Choose another with the option state-dir.");
    }

    @Test
    void oneThatCannotBeWrittenToIsSaid() {
        // Nobody can create a file there, whoever runs the test.
        Path path = Path.of("/proc/self");

        assertThatThrownBy(() -> StateDirectory.open(path.resolve("state"), CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("The state directory /proc/self/state cannot be created: ")
                .hasMessageEndingWith("Choose one that this user can write to with the option state-dir.");
        assertThatThrownBy(() -> StateDirectory.open(Path.of("/proc/sys"), CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("cannot be written to: ");
    }

    @Test
    void theTokenIsCreatedOnceForItsOwnerAlone() throws Exception {
        try (StateDirectory directory = StateDirectory.open(folder.resolve("s"), CLOCK)) {
            String token = OperatorToken.of(directory);

            assertThat(token).matches("[A-Za-z0-9_-]{43}").isEqualTo(OperatorToken.of(directory));
            assertThat(mode(directory.path().resolve("operator.token"))).isEqualTo("rw-------");
            try (var files = Files.list(directory.path())) {
                assertThat(files).hasSize(2);
            }
        }
        try (StateDirectory other = StateDirectory.open(folder.resolve("t"), CLOCK)) {
            assertThat(OperatorToken.of(other))
                    .isNotEqualTo(
                            Files.readString(folder.resolve("s/operator.token")).strip());
        }
    }

    @Test
    void aTokenThatOthersCanReadIsRefused() throws Exception {
        try (StateDirectory directory = StateDirectory.open(folder.resolve("s"), CLOCK)) {
            OperatorToken.of(directory);
            Path file = directory.path().resolve("operator.token");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

            assertThatThrownBy(() -> OperatorToken.of(directory))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("can be read by others")
                    .hasMessageEndingWith("chmod go= '" + file + "'");
        }
    }

    @Test
    void aTokenFileWithoutATokenIsRefused() throws Exception {
        try (StateDirectory directory = StateDirectory.open(folder.resolve("s"), CLOCK)) {
            OperatorToken.of(directory);
            Files.writeString(directory.path().resolve("operator.token"), "");

            assertThatThrownBy(() -> OperatorToken.of(directory))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("holds no token");
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** As if the directory were somebody else's: changing the owner for real needs a second user and root. */
    private static final class ForeignOwner implements DirectoryRights {
        private final PosixRights rights = new PosixRights();

        @Override
        public java.nio.file.attribute.FileAttribute<?> ofNewDirectory() {
            return rights.ofNewDirectory();
        }

        @Override
        public java.nio.file.attribute.FileAttribute<?>[] ofNewFile() {
            return rights.ofNewFile();
        }

        @Override
        public boolean isTrusted(UserPrincipal owner, UserPrincipal self) {
            return false;
        }

        @Override
        public boolean isWritableByOthers(Path directory, UserPrincipal self) throws java.io.IOException {
            return rights.isWritableByOthers(directory, self);
        }

        @Override
        public boolean isReadableByOthers(Path file, UserPrincipal self) throws java.io.IOException {
            return rights.isReadableByOthers(file, self);
        }

        @Override
        public String takeOwnership(Path directory, UserPrincipal self) {
            return rights.takeOwnership(directory, self);
        }

        @Override
        public String closeToOthers(Path path, UserPrincipal self) {
            return rights.closeToOthers(path, self);
        }
    }
}
