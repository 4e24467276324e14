package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.Mark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    @TempDir
    Path folder;

    private final TestedCli cli = new TestedCli();
    private final TimeZone before = TimeZone.getDefault();

    @BeforeEach
    void workInIndia() {
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
    }

    @AfterEach
    void workWhereWeAre() {
        TimeZone.setDefault(before);
    }

    /** A terminal of 80 columns may cut off the rest. */
    @Test
    void volumeAndOutcomeAreWithin80Columns() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine(
                    "a",
                    "outcome",
                    Instant.EPOCH,
                    Map.of("volume", "C:\\ClusterStorage\\Volume1", "outcome", "NOTHING_TO_CLEAR")));
        }
        audit();

        assertThat(cli.out().lines().skip(1))
                .singleElement()
                .satisfies(row ->
                        assertThat(row.substring(0, 80)).contains("C:\\ClusterStorage\\Volume1 ", "NOTHING_TO_CLEAR"));
    }

    @Test
    void anAuditWithoutLinesSaysSo() throws Exception {
        Files.createFile(folder.resolve("audit.jsonl"));

        assertThat(audit()).isZero();
        assertThat(cli.out())
                .endsWith("The audit in " + folder
                        + " has no lines. If the agent uses another state directory, name it with --state-dir."
                        + System.lineSeparator());
    }

    @Test
    void isATableAndItsChainCanBeChecked() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            Instant at = Instant.parse("2026-03-01T03:00:00.123Z");
            audit.append(new AuditLine(
                    "a",
                    "intent",
                    at,
                    Map.of("volume", "C:\\V1", "principal", "ann", "surface", "http", "verdict", "CLEARABLE")));
            audit.append(new AuditLine("a", "outcome", at, Map.of("outcome", "CLEARED", "message", "It is done.")));
        }

        assertThat(audit()).isZero();
        assertThat(cli.out())
                .contains("NUMBER AT                         VOLUME                     OUTCOME          KIND")
                .containsPattern("1 +2026-03-01 08:30:00 \\+05:30 +C:\\\\V1 +CLEARABLE +intent +ann/http")
                .containsPattern("2 +2026-03-01 08:30:00 \\+05:30 +CLEARED +outcome +agent +It is done[.]");
        assertThat(audit("--verify")).isZero();
        assertThat(cli.out()).startsWith("The audit is complete: 2 lines");

        Path file = folder.resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file).replace("ann", "bob"));
        assertThat(audit("--verify")).isEqualTo(1);
        assertThat(cli.out()).startsWith("First problem: audit.jsonl, line 2: ");
    }

    @Test
    void theEnvironmentNamesTheStateDirectoryToo() throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.started();
        }
        TestedCli elsewhere = new TestedCli(Map.of("CSV_BACKUP_STATE_DIR", folder.toString()), new byte[0]);

        assertThat(elsewhere.execute("audit", "--verify")).isZero();
        assertThat(cli.execute("audit", "--verify")).isEqualTo(1);
        assertThat(cli.err()).contains("/home/ann/.local/state/csv-backup-agent does not exist");
    }

    /** A reason or a name must not start a row of its own or move the cursor. */
    @Test
    void theTableHasOneRowPerLineWhateverTheLineContains() throws Exception {
        String forged = "why\n99       2026-03-01 03:00:00  outcome    CLEARED\u001b[2J\u202e\r";
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine(
                    "a",
                    "intent",
                    Instant.parse("2026-03-01T03:00:00Z"),
                    Map.of("volume", forged, "principal", forged, "verdict", "RECENT", "reason", forged)));
        }
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            audit();
        } finally {
            Locale.setDefault(usual);
        }

        assertThat(cli.out())
                .hasLineCount(2)
                .doesNotContain("\u001b", "\u202e", "\r")
                .contains("\n1      2026-03-01 08:30:00 +05:30 why\\u000a99 ")
                .contains(
                        "overridden: why\\u000a99       2026-03-01 03:00:00  outcome    CLEARED\\u001b[2J\\u202e\\u000d");
    }

    @Test
    void canBeComparedWithALineThatWasNotedElsewhere() throws Exception {
        Mark noted;
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine("a", "note", Instant.EPOCH, Map.of()));
            noted = audit.status().newest();
        }

        assertThat(audit("--verify", "--expect=" + noted)).isZero();
        assertThat(cli.out()).contains("It contains line 1 as you noted it.", "Its newest line is " + noted + ".");
        assertThat(audit("--verify", "--expect=2:" + "0".repeat(64))).isEqualTo(1);
        assertThat(cli.out())
                .isEqualTo("First problem: line 2, which was noted elsewhere: the audit ends at 1, so lines at"
                        + " its end were removed.\n");
    }

    private int audit(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "audit";
        arguments[1] = "--state-dir=" + folder;
        System.arraycopy(options, 0, arguments, 2, options.length);
        return cli.execute(arguments);
    }
}
