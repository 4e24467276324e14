package io.github.csvbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditMismatchTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");
    private static final AuditSettings STRICT =
            new AuditSettings("1.2.3", true, 0, AuditSettings.LARGE, Clock.systemUTC());
    private static final String SUSPICION = "The audit was changed by something other than the agent: ";

    @TempDir
    Path folder;

    private static AuditLine line(String id, String kind) {
        return new AuditLine(id, kind, AT, Map.of("volume", "C:\\V1"));
    }

    private Path record() {
        return folder.resolve("audit.jsonl");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(record());
    }

    private AuditFile open() throws IOException {
        return AuditFile.open(folder, "1.2.3");
    }

    private void aRun() throws IOException {
        try (AuditFile audit = open()) {
            audit.started();
            audit.append(line("a", "intent"));
            audit.append(line("a", "outcome"));
        }
    }

    /** Changes to an audit of four lines, and the message about each. */
    enum Deed {
        LAST_LINE_REMOVED("its newest line is 3 but should be 4: lines were removed") {
            @Override
            void does(Path record) throws IOException {
                List<String> lines = Files.readAllLines(record);
                Files.writeString(record, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
            }
        },
        LAST_LINE_CHANGED("its newest line, 4, is not the one that the agent wrote") {
            @Override
            void does(Path record) throws IOException {
                Files.writeString(record, Files.readString(record).replace("The agent stopped.", "The agent started."));
            }
        },
        A_LINE_FORGED_AT_THE_END(
                "its newest line is 5 but should be 4: lines were added that the agent did not write") {
            @Override
            void does(Path record) throws IOException {
                String all = Files.readString(record);
                List<String> lines = Files.readAllLines(record);
                String last = lines.get(lines.size() - 1);
                Files.writeString(
                        record,
                        all + "{\"number\":5,\"previous\":\"" + LineReader.hash(last)
                                + "\",\"id\":\"x\",\"kind\":\"note\"}\n");
            }
        },
        EMPTIED("all its lines are missing; the newest was 4") {
            @Override
            void does(Path record) throws IOException {
                Files.write(record, new byte[0]);
            }
        },
        DELETED("all its lines are missing; the newest was 4") {
            @Override
            void does(Path record) throws IOException {
                Files.delete(record);
            }
        },
        LAST_LINE_FEED_REMOVED("the line end after its newest line was changed") {
            @Override
            void does(Path record) throws IOException {
                Files.writeString(record, Files.readString(record).stripTrailing());
            }
        },
        LINE_ENDS_CONVERTED("the line end after its newest line was changed") {
            @Override
            void does(Path record) throws IOException {
                Files.writeString(record, Files.readString(record).replace("\n", "\r\n"));
            }
        },
        REPLACED_BY_A_FOLDER("audit.jsonl is not a regular file") {
            @Override
            void does(Path record) throws IOException {
                Files.delete(record);
                Files.createDirectory(record);
            }
        },
        NOTE_REMOVED("audit.head is missing, so it is unknown whether the newest lines are complete") {
            @Override
            void does(Path record) throws IOException {
                Files.delete(record.resolveSibling(HeadFile.NAME));
            }
        },
        NOTE_REPLACED_BY_A_FOLDER("audit.head is damaged") {
            @Override
            void does(Path record) throws IOException {
                Path note = record.resolveSibling(HeadFile.NAME);
                Files.delete(note);
                Files.createDirectory(note);
            }
        },
        NOTE_DAMAGED("audit.head is damaged") {
            @Override
            void does(Path record) throws IOException {
                Files.write(record.resolveSibling(HeadFile.NAME), new byte[300]);
            }
        };

        private final String said;

        Deed(String said) {
            this.said = said;
        }

        abstract void does(Path record) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void whatSomebodyDidWhileNoAgentRanShowsAtTheNextStart(Deed deed) throws Exception {
        aRun();
        deed.does(record());
        if (deed != Deed.REPLACED_BY_A_FOLDER) {
            assertThat(AuditChain.verify(folder, null).problems()).isNotEmpty();
        }

        try (LogLines log = new LogLines(AuditFile.class.getName());
                AuditFile audit = open()) {
            assertThat(audit.status().mismatch()).isEqualTo(SUSPICION + deed.said + ".");
            assertThat(audit.status().mismatches()).isEqualTo(1);
            assertThat(log.lines()).first().asString().contains(" WARN  " + SUSPICION + deed.said);
            audit.started();
            audit.append(line("b", "intent"));
        }
        assertThat(lines().get(0)).contains("\"kind\":\"mismatch\"", SUSPICION + deed.said);
        assertThat(lines()).anyMatch(line -> line.contains("\"id\":\"b\""));
        if (deed != Deed.EMPTIED && deed != Deed.DELETED) {
            assertThat(folder.resolve("audit-000000000004-mismatch.jsonl")).exists();
        }

        // The next start finds the agent's own files and reports nothing new.
        try (AuditFile audit = open()) {
            assertThat(audit.status().mismatch()).isNull();
            assertThat(audit.status().mismatches()).isEqualTo(1);
        }
        if (deed != Deed.REPLACED_BY_A_FOLDER) {
            assertThat(AuditChain.verify(folder, null).problems())
                    .as("the check still reports it")
                    .anyMatch(problem -> problem.contains("the agent reported: " + SUSPICION + deed.said));
        }
    }

    /** Changes while the agent is running, and the message about each. */
    enum DeedAtWork {
        DELETED("audit.jsonl was removed") {
            @Override
            void does(Path record) throws IOException {
                Files.delete(record);
            }
        },
        REPLACED_BY_A_COPY("audit.jsonl was replaced by another file") {
            @Override
            void does(Path record) throws IOException {
                Path copy = record.resolveSibling("copy");
                Files.copy(record, copy);
                Files.delete(record);
                Files.createFile(record.resolveSibling("takes the place of the old one"));
                Files.move(copy, record);
            }
        },
        REPLACED_BY_A_LINK("audit.jsonl was replaced by another file") {
            @Override
            void does(Path record) throws IOException {
                Path other = record.resolveSibling("other");
                Files.move(record, other);
                Files.createSymbolicLink(record, other);
            }
        },
        TRUNCATED("audit.jsonl has 0 bytes but should have ") {
            @Override
            void does(Path record) throws IOException {
                Files.write(record, new byte[0]);
            }
        },
        LAST_LINE_CHANGED("audit.jsonl has a changed last line") {
            @Override
            void does(Path record) throws IOException {
                Files.writeString(record, Files.readString(record).replace("\"id\":\"a\"", "\"id\":\"x\""));
            }
        };

        private final String said;

        DeedAtWork(String said) {
            this.said = said;
        }

        abstract void does(Path record) throws IOException;
    }

    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ParameterizedTest
    @EnumSource
    void whatSomebodyDoesWhileTheAgentRunsShowsBeforeTheNextLine(DeedAtWork deed) throws Exception {
        try (AuditFile audit = open()) {
            audit.append(line("a", "intent"));
            deed.does(record());
            audit.append(line("a", "outcome"));
            audit.append(line("b", "intent"));

            assertThat(audit.status().mismatch()).startsWith(SUSPICION + deed.said);
            assertThat(audit.status().mismatches()).isEqualTo(1);
        }
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(0)).contains("\"number\":2,", "\"kind\":\"mismatch\"", SUSPICION + deed.said);
        assertThat(lines().get(1)).contains("\"number\":3,", "\"kind\":\"outcome\"");
        try (AuditFile audit = open()) {
            assertThat(audit.status().newest().number()).isEqualTo(4);
            assertThat(audit.status().mismatch()).isNull();
        }
    }

    @Test
    void withAuditStrictNothingIsClearedAfterAMismatchUntilAnAgentStartsWithoutIt() throws Exception {
        aRun();
        Deed.LAST_LINE_REMOVED.does(record());

        for (int starts = 0; starts < 2; starts++) {
            try (AuditFile audit = AuditFile.open(folder, STRICT, RecordOpener.of())) {
                audit.started();
                assertThatThrownBy(() -> audit.append(line("b", "intent")))
                        .isInstanceOf(AuditMismatchException.class)
                        .hasMessage("Refused: " + SUSPICION + Deed.LAST_LINE_REMOVED.said
                                + ". With audit-strict=true, the agent then clears nothing. To check the audit, run"
                                + " this on the node: audit --verify. After you have found the reason, start the"
                                + " agent once with audit-strict=false.");
                audit.append(line("b", "refused"));
                assertThat(audit.status().mismatch()).isNotNull();
            }
        }
        try (AuditFile audit = open()) {
            audit.started();
        }
        try (AuditFile audit = AuditFile.open(folder, STRICT, RecordOpener.of())) {
            audit.started();
            audit.append(line("b", "intent"));
            assertThat(audit.status().mismatch()).isNull();
        }
    }

    @Test
    void aMismatchThatCannotBeWrittenAtOnceIsWrittenBeforeTheNextLine() throws Exception {
        aRun();
        Deed.LAST_LINE_REMOVED.does(record());
        boolean[] full = {true};
        RecordOpener disk = file -> {
            if (full[0] && file.endsWith(HeadFile.NAME)) {
                throw new IOException("no room");
            }
            return RecordOpener.of().open(file);
        };

        try (LogLines log = new LogLines(AuditFile.class.getName());
                AuditFile audit = AuditFile.open(folder, AuditSettings.of("1.2.3"), disk)) {
            assertThat(log.lines())
                    .last()
                    .asString()
                    .endsWith("Cannot write the audit: no room. Clears are refused until this works again");
            assertThatThrownBy(() -> audit.append(line("b", "intent"))).hasMessage("no room");
            full[0] = false;
            audit.append(line("b", "intent"));
            assertThat(audit.status().mismatches()).isEqualTo(1);
        }
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).contains("\"kind\":\"mismatch\"");
    }

    /** The agent is killed after it has set the file aside, but before it reports this. */
    @Test
    void aFileThatWasSetAsideWithoutALineAboutItIsFoundAtTheNextStart() throws Exception {
        aRun();
        Files.move(record(), folder.resolve("audit-000000000004-mismatch.jsonl"));

        try (AuditFile audit = open()) {
            assertThat(audit.status().mismatch()).contains("audit-000000000004-mismatch.jsonl was set aside");
            assertThat(audit.status().mismatches()).isEqualTo(1);
        }
    }

    @Test
    void aLineThatWasNotedElsewhereMustBeThere() throws Exception {
        aRun();
        Mark noted;
        try (AuditFile audit = open()) {
            noted = audit.status().newest();
            audit.expect(noted, "state.jsonl");
            assertThat(audit.status().mismatch()).isNull();
        }
        // Everything in the folder is deleted, so nothing in it shows the difference.
        Files.delete(record());
        Files.delete(folder.resolve(HeadFile.NAME));
        try (AuditFile audit = open()) {
            assertThat(audit.status().mismatch()).isNull();
            audit.expect(noted, "state.jsonl");
            assertThat(audit.status().mismatch())
                    .isEqualTo(SUSPICION + "state.jsonl names line " + noted + ", but the audit does not contain it.");
        }
        assertThat(lines()).singleElement().asString().contains("\"number\":5,", "\"kind\":\"mismatch\"");
        try (AuditFile audit = open()) {
            audit.expect(noted, "state.jsonl");
            assertThat(audit.status().mismatches()).as("reported once").isEqualTo(1);
        }
    }

    @Test
    void theCheckComparesWithALineThatWasNotedElsewhere() throws Exception {
        List<Mark> marks = new ArrayList<>();
        try (AuditFile audit = open()) {
            for (int i = 0; i < 3; i++) {
                audit.append(line("id" + i, "note"));
                marks.add(audit.status().newest());
            }
        }
        String other = "0".repeat(64);

        for (Mark mark : marks) {
            assertThat(AuditChain.verify(folder, mark).problems()).isEmpty();
        }
        assertThat(AuditChain.verify(folder, new Mark(2, other)).problems())
                .containsExactly(
                        "line 2, which was noted elsewhere: it has a different hash now, so it or a line before it was"
                                + " changed");
        assertThat(AuditChain.verify(folder, new Mark(4, other)).problems())
                .containsExactly(
                        "line 4, which was noted elsewhere: the audit ends at 3, so lines at its end were removed");
    }

    /** A start that fails leaves an empty file, as does whoever removes all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRecordWithoutALineIsNotWhole(boolean hasFile) throws Exception {
        if (hasFile) {
            open().close();
            assertThat(record()).isEmptyFile();
        }
        assertThat(AuditChain.verify(folder, null).problems())
                .containsExactly(
                        "its beginning: it has no lines. Each start of an agent writes one, so either no agent has"
                                + " started here yet, or all lines were removed");
    }

    @Test
    void otherLineEndsAreNamedByTheCheck() throws Exception {
        aRun();
        String whole = Files.readString(record());

        Files.writeString(record(), whole.replace("\n", "\r\n"));
        assertThat(AuditChain.verify(folder, null).problems())
                .first()
                .asString()
                .isEqualTo(
                        "audit.jsonl, line 1: it ends in CR LF, but the agent writes LF only: an editor or a transfer"
                                + " changed the file");
        Files.writeString(record(), whole.stripTrailing());
        assertThat(AuditChain.verify(folder, null).problems())
                .first()
                .asString()
                .isEqualTo("audit.jsonl, line 4: the line feed at its end is missing");
    }
}
