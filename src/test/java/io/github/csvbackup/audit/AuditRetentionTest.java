package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRetentionTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");

    @TempDir
    Path folder;

    private void append(int keep, int lines) throws IOException {
        AuditSettings settings = new AuditSettings("1.2.3", false, keep, 700, Clock.systemUTC());
        try (AuditFile audit = AuditFile.open(folder, settings, RecordOpener.of())) {
            audit.started();
            for (int i = 0; i < lines; i++) {
                audit.append(new AuditLine("id" + i, "note", AT, Map.of("volume", "C:\\V1")));
            }
        }
    }

    private List<String> problems() throws IOException {
        return AuditChain.verify(folder, null).problems();
    }

    @Test
    void allFilesStayUnlessANumberIsSet() throws Exception {
        append(0, 20);

        assertThat(RecordFiles.large(folder)).hasSizeGreaterThan(4);
        assertThat(problems()).isEmpty();
    }

    @Test
    void theOldestFilesGoAndALineSaysWhichSoThatTheRestIsWhole() throws Exception {
        append(2, 20);

        assertThat(RecordFiles.large(folder)).hasSize(2);
        assertThat(problems()).isEmpty();
        append(1, 0);
        assertThat(RecordFiles.large(folder)).as("fewer at the next start").hasSize(1);
        assertThat(problems()).isEmpty();
        assertThat(Files.readString(folder.resolve("audit.jsonl")))
                .contains("\"kind\":\"retired\"", "because of audit-keep=1");
    }

    @Test
    void filesThatSomebodyElseRemovedShow() throws Exception {
        append(2, 20);
        Files.delete(RecordFiles.large(folder).get(0));

        assertThat(problems())
                .singleElement()
                .asString()
                .matches(
                        "its first line, which is number \\d+: the lines before it were removed, but no line says that the"
                                + " agent did this");
    }

    /** A comparison with a deleted line is not possible, except with the newest deleted line. */
    @Test
    void aNotedLineThatWasRemovedLongAgoCannotBeCompared() throws Exception {
        append(2, 20);

        assertThat(AuditChain.verify(folder, new Mark(1, "0".repeat(64))).problems())
                .singleElement()
                .asString()
                .matches("line 1, which was noted elsewhere: it cannot be compared, since the oldest remaining line is"
                        + " \\d+");
    }

    @Test
    void aLineThatWasNotedBeforeTheOldestThatIsKeptIsNotMissed() throws Exception {
        append(1, 20);

        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.expect(new Mark(2, "0".repeat(64)), "state.jsonl");
            assertThat(audit.status().mismatch()).isNull();
        }
    }

    @Test
    void thereIsAnEndToNamesForFilesThatWereChanged() throws Exception {
        Files.createFile(RecordFiles.mismatch(folder, 7));
        for (int copy = 2; copy < 100; copy++) {
            Files.createFile(folder.resolve("audit-000000000007-mismatch-" + copy + ".jsonl"));
        }

        assertThatThrownBy(() -> RecordFiles.mismatch(folder, 7))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "there are too many files audit-000000000007-mismatch; move them out of the state directory");
    }

    @Test
    void filesOfOtherNamesAreNotOfTheRecord() throws Exception {
        append(1, 20);
        Files.writeString(folder.resolve("audit-copy.jsonl"), "not of the record\n");
        append(1, 20);

        assertThat(problems()).isEmpty();
        assertThat(folder.resolve("audit-copy.jsonl")).exists();
    }
}
