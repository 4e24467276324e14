package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.OtherAccount;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
                            + ProcessHandle.current().pid() + ", since 2026-01-02T03:04:05Z). Use that agent: a new one"
                            + " observes from the beginning. To run a second one, choose another directory with the option"
                            + " state-dir.");
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
                .hasMessage("The state directory " + link + " is a link, whose target can change; use the real"
                        + " directory: state-dir=" + real.toRealPath() + ".");
    }

    @Test
    void oneThatOthersCanWriteToIsRefusedAndMovedAway() throws Exception {
        Path path = Files.createDirectory(folder.resolve("it's open"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxr-x"));
        Files.writeString(path.resolve("operator.token"), "a token that somebody else knows");

        String quoted = path.toString().replace("'", "'\\''");
        String command = "mv '" + quoted + "' '" + quoted + ".old'";
        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + path
                        + " can be written to by others. Others may have created its files. Choose another directory with"
                        + " the option state-dir; or, only if nothing else uses this one, move it away with: " + command
                        + " and start again, which creates a new one.");

        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        StateDirectory.open(path, CLOCK).close();
        assertThat(path.resolve("operator.token")).doesNotExist();
    }

    @Test
    void oneThatOthersCanOnlyReadIsUsed() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));

        StateDirectory.open(path, CLOCK).close();
    }

    /** Its files may come from the other account. */
    @Test
    void oneOfAForeignOwnerIsRefusedAndNeverTakenOver() throws Exception {
        Path path = Files.createDirectory(folder.resolve("s"));
        String me = Files.getOwner(path).getName();

        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK, OtherAccount.rights()))
                .isInstanceOf(StateException.class)
                .hasMessage("The state directory " + path + " belongs to " + me
                        + ", not to the account that runs the agent, " + OtherAccount.NAME
                        + ". Others may have created its files. Choose another directory with the option state-dir; or,"
                        + " only if nothing else uses this one, move it away with: mv '" + path + "' '" + path
                        + ".old' and start again, which creates a new one.");
    }

    @Test
    void newParentsAreForTheirOwnerAloneToo() throws Exception {
        StateDirectory.open(folder.resolve("a/b/c"), CLOCK).close();

        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
    }

    @Test
    void aLockThatIsAHardLinkToAForeignFileIsRefusedAndTheFileStaysAsItWas() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "a text that must stay");
        Path path = folder.resolve("s");
        StateDirectory.open(path, CLOCK).close();
        Files.delete(path.resolve("agent.lock"));
        Files.createLink(path.resolve("agent.lock"), foreign);

        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("The lock file " + path.resolve("agent.lock") + " has 2 names (hard links)");
        assertThat(foreign).hasContent("a text that must stay");
    }

    @Test
    void aLockThatIsALinkIsRefused() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "a text that must stay");
        Path path = folder.resolve("s");
        StateDirectory.open(path, CLOCK).close();
        Files.delete(path.resolve("agent.lock"));
        Files.createSymbolicLink(path.resolve("agent.lock"), foreign);

        assertThatThrownBy(() -> StateDirectory.open(path, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(" is a link, whose target can change");
        assertThat(foreign).hasContent("a text that must stay");
    }

    /** On POSIX systems a process loses its lock as soon as it closes any channel of the file, even one for reading. */
    @Test
    void aSecondStartInTheProcessDoesNotTakeTheLockAway() throws Exception {
        Path path = folder.resolve("s");
        try (StateDirectory first = StateDirectory.open(path, CLOCK)) {
            assertThatThrownBy(() -> StateDirectory.open(first.path(), CLOCK)).hasMessageContaining("is in use");

            assertThat(anotherProcessCanLock(path.resolve("agent.lock"))).isFalse();
        }
        assertThat(anotherProcessCanLock(path.resolve("agent.lock"))).isTrue();
    }

    private static boolean anotherProcessCanLock(Path file) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockProgram.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Boolean.parseBoolean(said.strip());
    }

    /** Reports whether it gets the lock. */
    static final class LockProgram {
        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.out.println(channel.tryLock(1L << 40, 1, false) != null);
            }
        }
    }

    @Test
    void aPlantedSubdirectoryIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (StateDirectory directory = StateDirectory.open(folder.resolve("s"), CLOCK)) {
            assertThat(mode(directory.subdirectory("native"))).isEqualTo("rwx------");
            assertThat(directory.subdirectory("native"))
                    .isEqualTo(directory.path().resolve("native"));

            Files.setPosixFilePermissions(
                    directory.path().resolve("native"), PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThatThrownBy(() -> directory.subdirectory("native"))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("/s/native can be written to by others");
            Files.delete(directory.path().resolve("native"));
            Files.createSymbolicLink(directory.path().resolve("native"), elsewhere);
            assertThatThrownBy(() -> directory.subdirectory("native"))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("/s/native is not a directory");
        }
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
        // No account can create a file there.
        Path path = Path.of("/proc/self");

        assertThatThrownBy(() -> StateDirectory.open(path.resolve("state"), CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("The state directory /proc/self/state cannot be created: ")
                .hasMessageEndingWith("Choose one that this user can write to with the option state-dir.");
        assertThatThrownBy(() -> StateDirectory.open(Path.of("/proc/sys"), CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("cannot be written to: ");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
