package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.OtherAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class OperatorTokenTest {
    private static final String PLANTED = "PlantedPlantedPlantedPlantedPlantedPlantedP";

    @TempDir
    Path folder;

    private StateDirectory directory;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(folder.resolve("s"), Clock.systemUTC());
        file = directory.path().resolve("operator.token");
    }

    private static OperatorToken create(StateDirectory directory) throws StateException {
        OperatorToken token = OperatorToken.create(directory);
        token.publish("http://127.0.0.1:8778/");
        return token;
    }

    @AfterEach
    void close() throws Exception {
        directory.close();
    }

    @Test
    void isNewAtEachStartAndForItsOwnerAlone() throws Exception {
        String first = create(directory).token();
        assertThat(first).matches("[A-Za-z0-9_-]{43}");
        assertThat(file).hasContent(first);

        String second = create(directory).token();
        assertThat(second).isNotEqualTo(first);
        assertThat(file).hasContent(second);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory.path())) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void aPlantedTokenIsNeverValid() throws Exception {
        Files.writeString(file, PLANTED + "\n");

        OperatorToken token = create(directory);

        assertThat(token.token()).isNotEqualTo(PLANTED);
        assertThat(file).hasContent(token.token());
    }

    @Test
    void aPlantedLinkIsReplacedAndNotWrittenTo() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "a text that must stay");
        Files.createSymbolicLink(file, foreign);
        create(directory);
        assertThat(file)
                .isRegularFile()
                .satisfies(path -> assertThat(Files.isSymbolicLink(path)).isFalse());

        Files.delete(file);
        Files.createLink(file, foreign);
        create(directory);
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
        assertThat(foreign).hasContent("a text that must stay");
    }

    @Test
    void aDirectoryInItsPlaceIsSaid() throws Exception {
        Files.createDirectory(file);

        assertThatThrownBy(() -> create(directory))
                .isInstanceOf(StateException.class)
                .hasMessage("The operator's token " + file
                        + " cannot be written: a directory is in its place; move it away.");
    }

    /** Each way in which the file can stop being the agent's own secret. */
    @Test
    void aNewOneTakesItsPlaceWhenTheFileIsNoLongerTheAgentsOwnSecret() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "x");
        OperatorToken token = create(directory);
        replaced(token, "was deleted.", () -> Files.delete(file));
        replaced(
                token,
                "can be read by others.",
                () -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--")));
        replaced(
                token,
                "can be changed by others.",
                () -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w----")));
        replaced(token, "was changed.", () -> Files.writeString(file, PLANTED + "\n"));
        replaced(token, "has 2 names (hard links)", () -> Files.createLink(folder.resolve("kept"), file));
        replaced(token, "is a link", () -> {
            Files.delete(file);
            Files.createSymbolicLink(file, foreign);
        });
        assertThat(foreign).hasContent("x");
        String last = token.token();
        token.check();
        assertThat(token.token()).isEqualTo(last);
    }

    @Test
    void theEndDeletesTheFileAndNoOtherFollows() throws Exception {
        OperatorToken token = create(directory);
        String last = token.token();

        token.close();
        token.check();

        assertThat(file).doesNotExist();
        assertThat(token.token()).isEqualTo(last);
    }

    @Test
    void theEndLeavesAFileThatIsNotTheAgentsOwn() throws Exception {
        OperatorToken token = create(directory);
        Files.writeString(file, PLANTED + "\n");

        token.close();

        assertThat(file).hasContent(PLANTED);
    }

    private interface Act {
        void run() throws Exception;
    }

    private void replaced(OperatorToken token, String sentence, Act act) throws Exception {
        token.check();
        String before = token.token();
        act.run();
        try (LogLines log = new LogLines(OperatorToken.class.getName())) {
            token.check();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("The operator's token " + file + " " + sentence)
                    .contains("The agent created a new operator's token; the old one is no longer valid.");
        }
        assertThat(token.token()).as(sentence).isNotEqualTo(before).isNotEqualTo(PLANTED);
        assertThat(file).hasContent(token.token());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aTokenFileOfSomebodyElseIsReplaced() throws Exception {
        directory.close();
        Path path = Files.createDirectories(folder.resolve("t"));
        FileRights own = FileRights.of(path);
        try (StateDirectory other = StateDirectory.open(path, Clock.systemUTC(), new OwnerChanges(own))) {
            OperatorToken token = create(other);
            String before = token.token();
            ((OwnerChanges) other.rights()).foreign = OtherAccount.rights();
            token.check();
            assertThat(token.token()).isNotEqualTo(before);
        }
    }

    /** Only a file system says so, and only of a file that is right. */
    @Test
    void aFileThatHasNotChangedSinceItWasRightIsNotReadAgain() throws Exception {
        directory.close();
        Path path = Files.createDirectories(folder.resolve("t"));
        OwnerChanges rights = new OwnerChanges(FileRights.of(path));
        try (StateDirectory other = StateDirectory.open(path, Clock.systemUTC(), rights)) {
            OperatorToken token = create(other);
            String first = token.token();
            rights.stamp = "one";
            token.check();
            rights.foreign = OtherAccount.rights();
            token.check();
            assertThat(token.token()).isEqualTo(first);

            rights.stamp = "two";
            token.check();
            String second = token.token();
            assertThat(second).isNotEqualTo(first);

            rights.foreign = FileRights.of(path);
            token.check();
            rights.foreign = OtherAccount.rights();
            for (int check = 1; check < 12; check++) {
                token.check();
            }
            assertThat(token.token()).as("within a minute").isEqualTo(second);
            token.check();
            assertThat(token.token())
                    .as("not all file systems notice each change")
                    .isNotEqualTo(second);
            second = token.token();

            token.check();
            assertThat(token.token())
                    .as("the stamp of a wrong file is not kept")
                    .isNotEqualTo(second);
        }
    }

    /** The old token is refused anyway. */
    @Test
    void theOldOneIsInvalidEvenIfTheNewOneCannotBeWritten() throws Exception {
        OperatorToken token = create(directory);
        String before = token.token();
        Files.delete(file);
        Files.createDirectory(file);
        Files.createFile(file.resolve("in the way"));

        try (LogLines log = new LogLines(OperatorToken.class.getName())) {
            token.check();
            token.check();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("is not a regular file")
                    .contains("a new one cannot be written: a directory is in its place; move it away.");
        }
        assertThat(token.token()).isNotEqualTo(before);

        Files.delete(file.resolve("in the way"));
        Files.delete(file);
        token.check();
        assertThat(file).hasContent(token.token());
    }
}
