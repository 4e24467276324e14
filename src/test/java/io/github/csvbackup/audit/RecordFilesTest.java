package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files belong to an audit, and their order. */
class RecordFilesTest {
    @TempDir
    Path folder;

    @Test
    void theFilesOfAnAuditComeInTheOrderOfTheirLines() throws IOException {
        List<String> inOrder = List.of(
                "audit-000000000009.jsonl",
                "audit-000000000010.jsonl",
                "audit-000000000010-mismatch.jsonl",
                "audit-000000000010-mismatch-2.jsonl",
                "audit-000000000010-mismatch-10.jsonl",
                "audit-1234567890123456.jsonl",
                "audit.jsonl");
        for (String name : inOrder) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(RecordFiles.all(folder))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(inOrder);
        assertThat(RecordFiles.large(folder))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "audit-000000000009.jsonl", "audit-000000000010.jsonl", "audit-1234567890123456.jsonl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit-.jsonl",
                "audit-1.jsonl",
                "audit-00000000001.jsonl",
                "audit-12345678901234567.jsonl",
                "audit-00000000001x.jsonl",
                "audit-٠٠٠٠٠٠٠٠٠٠٠١.jsonl",
                "audit-000000000001.json",
                "audit-000000000001-.jsonl",
                "audit-000000000001-mismatch-.jsonl",
                "audit-000000000001-mismatch-12345.jsonl",
                "audit-000000000001-mismatchx.jsonl",
                "audit-000000000001-copy.jsonl",
                "-audit-000000000001.jsonl"
            })
    void otherFilesDoNotBelongToIt(String name) throws IOException {
        Files.createFile(folder.resolve(name));
        assertThat(RecordFiles.all(folder)).isEmpty();
    }

    @Test
    void aFolderOfSuchANameDoesNotBelongToIt() throws IOException {
        Files.createDirectory(folder.resolve("audit-000000000001.jsonl"));
        assertThat(RecordFiles.all(folder)).isEmpty();
    }

    @Test
    void aMarkIsANumberAndAHash() {
        String hash = "0123456789abcdef".repeat(4);
        assertThat(Mark.parse("1:" + hash)).contains(new Mark(1, hash));
        assertThat(Mark.parse("1234567890123456:" + hash)).isPresent();
        assertThat(List.of(
                        "",
                        ":" + hash,
                        "0:" + hash,
                        "01:" + hash,
                        "12345678901234567:" + hash,
                        "1:" + hash + "0",
                        "1:" + hash.substring(1),
                        "1:" + hash.replace('a', 'A'),
                        "-1:" + hash,
                        "1 " + hash))
                .allSatisfy(text -> assertThat(Mark.parse(text)).isEmpty());
    }
}
