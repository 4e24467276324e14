package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.cluster.ClusterException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StandaloneCommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theDemoAnnouncesItselfTellsTheStoryAndLeavesNoFolder() throws Exception {
        assertThat(commands().demo(0, Duration.ZERO, true)).isZero();

        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(told).startsWith("csv-backup-agent ").contains("== 11. ").endsWith("Every step went as told.\n");
        Matcher token = Pattern.compile("cat '([^']+)'").matcher(told);
        assertThat(token.find()).isTrue();
        assertThat(Path.of(token.group(1)).getParent().getParent()).doesNotExist();
    }

    @Test
    void aDemoOnABusyPortSaysSoAndLeavesNoFolder() throws Exception {
        long before = demoFolders();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> commands().demo(busy.getLocalPort(), Duration.ZERO, true))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another program");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(demoFolders()).isEqualTo(before);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProbeElsewhereSaysWhatItNeedsAndFails() throws Exception {
        assertThat(commands().probe(false)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("FAILS  system: backend=windows needs a node of a Windows failover cluster, and this is ")
                .contains("       Use backend=simulated here.")
                .endsWith("The agent sees no cluster from here.\n");

        out.reset();
        assertThat(commands().probe(true)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .startsWith("{\"version\":")
                .contains("\"name\":\"system\",\"result\":\"FAILS\"");
    }

    @Test
    void theAuditIsATableAndItsChainCanBeChecked(@TempDir Path folder) throws Exception {
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            Instant at = Instant.parse("2026-03-01T03:00:00.123Z");
            audit.append(new AuditLine(
                    "a",
                    "intent",
                    at,
                    Map.of("volume", "C:\\V1", "principal", "ann", "surface", "http", "verdict", "CLEARABLE")));
            audit.append(new AuditLine("a", "outcome", at, Map.of("outcome", "CLEARED", "message", "It is done.")));
        }

        assertThat(commands().audit(folder)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("NUMBER   AT (UTC)             KIND       OUTCOME")
                .containsPattern("1 +2026-03-01 03:00:00 +intent +C:\\\\V1 +ann/http +CLEARABLE")
                .containsPattern("2 +2026-03-01 03:00:00 +outcome +CLEARED +agent +It is done[.]");

        out.reset();
        assertThat(commands().verifyAudit(folder, null)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("The audit is whole: 2 lines");

        Path file = folder.resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file).replace("ann", "bob"));
        out.reset();
        assertThat(commands().verifyAudit(folder, null)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("The audit is broken first at audit.jsonl, line 2: ");

        assertThatThrownBy(() -> commands().verifyAudit(folder.resolve("none"), null))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("There is no state directory ");
    }

    /** Whatever somebody wrote into a reason or a name: it begins no row of its own and moves no cursor. */
    @Test
    void theTableOfTheAuditHasARowForEachLineWhateverStandsInIt(@TempDir Path folder) throws Exception {
        String forged = "why\n99       2026-03-01 03:00:00  outcome    CLEARED\u001b[2J\u202e\r";
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine(
                    "a",
                    "intent",
                    Instant.parse("2026-03-01T03:00:00Z"),
                    Map.of("volume", forged, "principal", forged, "verdict", "RECENT", "reason", forged)));
        }
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            commands().audit(folder);
        } finally {
            Locale.setDefault(before);
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .hasLineCount(2)
                .doesNotContain("\u001b", "\u202e", "\r")
                .contains("\n1        2026-03-01 03:00:00  intent ")
                .contains(
                        "overruled: why\\u000a99       2026-03-01 03:00:00  outcome    CLEARED\\u001b[2J\\u202e\\u000d");
    }

    @Test
    void theAuditIsComparedWithALineThatWasNotedElsewhere(@TempDir Path folder) throws Exception {
        Mark noted;
        try (AuditFile audit = AuditFile.open(folder, "1.2.3")) {
            audit.append(new AuditLine("a", "note", Instant.EPOCH, Map.of()));
            noted = audit.status().newest();
        }

        assertThat(commands().verifyAudit(folder, noted)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("It holds line 1 as it was noted elsewhere.", "Its newest line is " + noted + ".");
        out.reset();
        assertThat(commands().verifyAudit(folder, new Mark(2, "0".repeat(64)))).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "The audit is broken first at line 2, which was noted elsewhere: the record ends at 1, so lines at"
                                + " its end were removed.\n");
    }

    private StandaloneCommands commands() {
        WindowsBackend windows = () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        };
        return new StandaloneCommands(windows, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private static long demoFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("csv-backup-demo-"))
                    .count();
        }
    }
}
