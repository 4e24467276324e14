package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");

    @TempDir
    Path folder;

    private static final AuditSettings SMALL = new AuditSettings("1.2.3", false, 0, 1000, Clock.systemUTC());

    private void assertWhole(long lines) throws IOException {
        Verification found = AuditChain.verify(folder, null);
        assertThat(found.problems()).isEmpty();
        assertThat(found.lines()).isEqualTo(lines);
    }

    private List<String> problems() throws IOException {
        return AuditChain.verify(folder, null).problems();
    }

    private static AuditLine line(String id) {
        return new AuditLine(id, "intent", AT, Map.of("volume", "C:\\Vol \u00e9\"\n"));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachLineCarriesTheHashOfTheOneBeforeAlsoAcrossARestart() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(line("a"));
        }
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(line("b"));
        }

        List<String> lines = Files.readAllLines(file);

        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"number\":1,\"previous\":\"\",\"id\":\"a\",\"kind\":\"intent\",\"at\":\"2026-03-01T03:00:00Z\",\"version\":\"1.2.3\","
                                + "\"volume\":\"C:\\\\Vol \\u00e9\\\"\\u000a\"}");
        assertThat(lines.get(1)).startsWith("{\"number\":2,\"previous\":\"" + sha256(lines.get(0)) + "\"");
    }

    @Test
    void anInterruptedThreadWritesAllTheSameAndTheFileStaysOpen() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            Thread.currentThread().interrupt();
            audit.append(line("a"));
            assertThat(Thread.interrupted()).isTrue();
            audit.append(line("b"));
        }

        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void aLargeFileIsSetAsideAndTheChainGoesOnOverItsBorder() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, SMALL, RecordOpener.of())) {
            for (int i = 0; i < 20; i++) {
                audit.append(line("id" + i));
            }
        }
        assertThat(RecordFiles.all(folder)).hasSizeGreaterThan(3);
        try (AuditFile audit = AuditFile.open(folder, SMALL, RecordOpener.of())) {
            audit.append(line("last"));
            assertThat(audit.recent(2)).extracting(AuditRecord::number).containsExactly(20L, 21L);
        }
        assertWhole(21);
        Files.delete(RecordFiles.all(folder).get(1));
        assertThat(problems().get(0)).contains("lines were removed or added before it");
    }

    @Test
    void theFirstBrokenLineIsNamed() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            for (int i = 0; i < 5; i++) {
                audit.append(line("id" + i));
            }
        }
        Path file = folder.resolve("audit.jsonl");
        List<String> good = Files.readAllLines(file);

        Files.write(file, List.of(good.get(0), good.get(1).replace("id1", "idX"), good.get(2), good.get(3)));
        assertThat(problems().get(0))
                .isEqualTo(
                        "audit.jsonl, line 3: it does not contain the hash of the line before it, which was changed or removed");
        Files.write(file, List.of(good.get(0), good.get(2)));
        assertThat(problems().get(0)).startsWith("audit.jsonl, line 2: its number is 3 but should be 2");
        Files.write(file, List.of(good.get(0), "{\"number\":2", good.get(1)));
        assertThat(problems().get(0)).startsWith("audit.jsonl, line 2: it is not a JSON object");
        Files.write(file, List.of(good.get(0), "{\"number\":2"));
        assertThat(problems().get(0)).startsWith("audit.jsonl, line 2: it is not a JSON object");
        Files.write(file, good);
        assertThat(problems()).isEmpty();
    }

    @Test
    void intentsWithoutOutcomeAreKnownAfterARestart() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(line("done"));
            audit.append(new AuditLine("done", "outcome", AT, Map.of()));
            audit.append(line("dangling"));
            audit.append(line("told"));
            audit.append(new AuditLine("told", "unfinished", AT, Map.of()));
        }
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            assertThat(audit.unfinished()).extracting(line -> line.text("id")).containsExactly("dangling");
        }
    }

    @Test
    void aClosedFileTakesNothing() throws Exception {
        AuditFile audit = AuditFile.open(folder, "1.2.3");
        audit.close();

        assertThatThrownBy(() -> audit.append(line("a"))).isInstanceOf(IOException.class);
    }

    @Test
    void aRotationThatCannotOpenItsNewFileCostsOneLineAndNotAllToCome() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        RecordOpener locked = file -> {
            if (file.endsWith("audit.jsonl") && opened.incrementAndGet() == 2) {
                throw new IOException("a scanner holds " + file.getFileName());
            }
            return new RandomAccessFile(file.toFile(), "rw");
        };
        List<String> failed = new ArrayList<>();
        try (AuditFile audit = AuditFile.open(folder, SMALL, locked)) {
            for (int i = 0; i < 20; i++) {
                try {
                    audit.append(line("id" + i));
                } catch (IOException e) {
                    failed.add(e.getMessage());
                }
            }

            assertThat(failed).containsExactly("a scanner holds audit.jsonl");
            assertThat(audit.recent(1)).extracting(AuditRecord::number).containsExactly(19L);
        }
        assertThat(RecordFiles.all(folder)).hasSizeGreaterThan(3);
        assertWhole(19);
    }

    /** While {@code fails} is set, the disk writes half of the data, and may then also fail to truncate the file. */
    private static final class BadDisk implements RecordOpener {
        private boolean fails;
        private boolean keepsWhatFailed;

        @Override
        public RandomAccessFile open(Path file) throws IOException {
            if (!file.endsWith("audit.jsonl")) {
                return new RandomAccessFile(file.toFile(), "rw");
            }
            return new RandomAccessFile(file.toFile(), "rw") {
                @Override
                public void write(byte[] bytes) throws IOException {
                    if (fails) {
                        super.write(bytes, 0, bytes.length / 2);
                        throw new IOException("no room");
                    }
                    super.write(bytes);
                }

                @Override
                public void setLength(long length) throws IOException {
                    if (keepsWhatFailed) {
                        throw new IOException("still no room");
                    }
                    super.setLength(length);
                }
            };
        }
    }

    private static void failsToAppend(AuditFile audit, String id) {
        assertThatThrownBy(() -> audit.append(line(id)))
                .isInstanceOf(IOException.class)
                .hasMessage("no room");
    }

    private List<String> idsAndKinds() throws IOException {
        List<String> seen = new ArrayList<>();
        AuditChain.read(folder, line -> {
            AuditRecord record = line.record();
            seen.add(record == null ? "cut off" : record.text("id") + " " + record.text("kind"));
        });
        return seen;
    }

    @Test
    void aLineThatFailedIsTakenBack() throws Exception {
        BadDisk disk = new BadDisk();
        try (AuditFile audit = AuditFile.open(folder, SMALL, disk)) {
            audit.append(line("a"));
            disk.fails = true;
            failsToAppend(audit, "b");
            disk.fails = false;
            audit.append(line("c"));

            assertThat(audit.recent(9)).extracting(AuditRecord::number).containsExactly(1L, 2L);
        }
        assertThat(idsAndKinds()).containsExactly("a intent", "c intent");
        assertWhole(2);
    }

    @Test
    void aLineThatFailedAndCouldNotBeTakenBackIsRemovedBeforeTheNext() throws Exception {
        BadDisk disk = new BadDisk();
        try (AuditFile audit = AuditFile.open(folder, SMALL, disk)) {
            audit.append(line("a"));
            disk.fails = true;
            disk.keepsWhatFailed = true;
            failsToAppend(audit, "b");
            assertThat(idsAndKinds()).containsExactly("a intent", "cut off");
            assertThatThrownBy(() -> audit.append(line("c"))).hasMessage("still no room");
            disk.keepsWhatFailed = false;
            failsToAppend(audit, "c");
            disk.fails = false;
            audit.append(line("d"));

            assertThat(audit.recent(9)).extracting(AuditRecord::number).containsExactly(1L, 2L);
            assertThat(audit.status().mismatch()).isNull();
        }
        assertThat(idsAndKinds()).containsExactly("a intent", "d intent");
        assertWhole(2);
    }

    @Test
    void aLineThatCouldNotBeReadAgainIsRefused() throws Exception {
        List<String> many = Collections.nCopies(2000, "x".repeat(1000));
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            assertThatThrownBy(() -> audit.append(new AuditLine("a", "intent", AT, Map.of("checks", many))))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("the line has 200\\d{4} bytes, but at most 1048576 are allowed");
            audit.append(line("b"));
        }
        assertWhole(1);
    }

    /** The line is already on the disk, so it counts; the confirmation is written before the next line. */
    @Test
    void aNoteThatFailsAfterTheLineCostsNothing() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        RecordOpener disk = file -> {
            if (file.endsWith(HeadFile.NAME) && opened.incrementAndGet() == 5) {
                throw new IOException("a scanner holds " + file.getFileName());
            }
            return RecordOpener.of().open(file);
        };
        try (LogLines log = new LogLines(AuditFile.class.getName());
                AuditFile audit = AuditFile.open(folder, AuditSettings.of("1.2.3"), disk)) {
            for (int i = 0; i < 4; i++) {
                audit.append(line("id" + i));
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith("WARN  Cannot write audit.head: a scanner holds audit.head");
        }
        assertWhole(4);
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            assertThat(audit.status().mismatch()).isNull();
        }
    }
}
