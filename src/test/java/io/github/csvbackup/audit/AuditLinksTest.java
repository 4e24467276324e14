package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.FileRefusedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An attacker replaces the audit with a link: the agent neither writes to the target of the link nor shows its content. */
@DisabledOnOs(OS.WINDOWS)
class AuditLinksTest {
    @TempDir
    Path folder;

    @Test
    void theRecordIsNotAppendedToAFileOfAnotherPlace() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "a text that must stay");
        Path state = Files.createDirectory(folder.resolve("s"));
        Path audit = state.resolve("audit.jsonl");

        Files.createSymbolicLink(audit, foreign);
        setsAside(state);
        Files.delete(audit);
        Files.createSymbolicLink(audit, folder.resolve("to be made"));
        setsAside(state);
        Files.delete(audit);
        Files.createLink(audit, foreign);
        assertThatThrownBy(() -> AuditFile.open(state, "1.2.3"))
                .isInstanceOf(FileRefusedException.class)
                .hasMessageContaining("has 2 names");

        assertThat(foreign).hasContent("a text that must stay");
        assertThat(folder.resolve("to be made")).doesNotExist();
    }

    @Test
    void neitherAnOlderFileNorTheNotedHeadIsAFileOfAnotherPlace() throws Exception {
        for (String name : List.of("audit-000000000007.jsonl", "audit.head")) {
            Path state = Files.createDirectory(folder.resolve("state of " + name));
            Path foreign = Files.writeString(folder.resolve("foreign " + name), "");
            Files.createLink(state.resolve(name), foreign);

            assertThatThrownBy(() -> AuditFile.open(state, "1.2.3"))
                    .isInstanceOf(FileRefusedException.class)
                    .hasMessageContaining(name + " has 2 names");
        }
    }

    /** The link is renamed, and lines go to a new file. */
    private static void setsAside(Path state) throws Exception {
        try (AuditFile file = AuditFile.open(state, "1.2.3")) {
            assertThat(file.status().mismatch()).contains("audit.jsonl is not a regular file");
        }
        assertThat(Files.isRegularFile(state.resolve("audit.jsonl"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void anOlderFileThatIsALinkIsNotRead() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "{\"kind\":\"secret\"}\n");
        Files.createSymbolicLink(folder.resolve("audit-000000000007.jsonl"), foreign);
        List<ChainLine> read = new ArrayList<>();

        AuditChain.read(folder, read::add);

        assertThat(read).isEmpty();
    }
}
