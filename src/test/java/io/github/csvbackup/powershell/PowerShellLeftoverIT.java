package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Get-CsvBackupLeftover, and the commands that it shows, with stand-ins for Hyper-V's commands. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellLeftoverIT extends WithStubAgent {
    private static final List<String> NAMES = names();

    /** Also names with the other characters that PowerShell takes as single quotes, and wildcards. */
    private static List<String> names() {
        List<String> names = new ArrayList<>(OddNames.all());
        names.addAll(List.of("Ann's", "\u2018; Stop-Computer; \u2019", "\u201a\u201b", "SQL [1]", "SQL 1"));
        return names;
    }

    @BeforeEach
    void answer() {
        stub.knows(List.of(volume(ONE), volume(TWO)));
        has("TOLD", null);
        stub.has("Leftovers", NAMES.stream().map(name -> row(ONE, name)).toList());
    }

    private void has(String answer, String problem) {
        has(answer, problem, 0);
    }

    private void has(String answer, String problem, long copiesListed) {
        Map<String, Object> asked = new HashMap<>();
        asked.put("answer", answer);
        asked.put("time", null);
        asked.put("timeEpochMillis", 0);
        asked.put("successTime", null);
        asked.put("successTimeEpochMillis", 1_700_000_000_000L);
        asked.put("copiesListedTime", null);
        asked.put("copiesListedTimeEpochMillis", copiesListed);
        asked.put("problem", problem);
        stub.has("LeftoversAsked", asked);
    }

    /** As the agent says it. */
    private static Map<String, Object> row(String volume, String machine) {
        Instant created = Instant.now().minus(Duration.ofHours(50));
        Leftover leftover = LeftoverSamples.checkpoint(new VolumeKey("x", "x"), machine, 2, created, null);
        Map<String, Object> row = new HashMap<>();
        row.put("kind", "CHECKPOINT");
        row.put("volume", volume);
        row.put("node", "NODE1");
        row.put("machine", machine);
        row.put("machineId", leftover.machineId());
        row.put("id", leftover.id());
        row.put("created", created.toString());
        row.put("createdEpochMillis", created.toEpochMilli());
        row.put("ageSeconds", 180_000);
        row.put("files", 2);
        row.put("bytes", 45_097_156_608L);
        row.put("complete", false);
        row.put("command", leftover.command());
        row.put("advice", leftover.advice());
        return row;
    }

    @Test
    void theCommandOfEachMachineFindsThisMachineAndRemovesThisCheckpointOnly() throws Exception {
        Path found = folder.resolve("found.json");
        pwsh.run("""
                function Get-VM { param($Id) "id $Id" }
                function Get-VMSnapshot {
                    param([Parameter(ValueFromPipeline)] $VM, $VMName, $SnapshotType)
                    process { foreach ($n in 1, 2, 3) { [pscustomobject] @{ Id = [guid] "5F0C9A10-0000-4000-C000-00000000000$n"; Of = "$SnapshotType $VM$VMName" } } }
                }
                function Remove-VMSnapshot { param([Parameter(ValueFromPipeline)] $Snapshot) process { "$($Snapshot.Of) $($Snapshot.Id)" } }
                $all = @(Get-CsvBackupLeftover)
                $removed = @($all | ForEach-Object { (Invoke-Expression -Command $_.Command) -join '; ' })
                $shown = $all | Format-Table | Out-String -Width 400
                $json = ConvertTo-Json -Compress @{ machines = @($all | ForEach-Object { [string] $_.Machine }); removed = $removed; shown = $shown }
                [IO.File]::WriteAllText('%s', $json)
                """.formatted(found));

        Map<?, ?> answers = (Map<?, ?>) Json.read(Files.readString(found));
        assertThat(answers.get("machines")).isEqualTo(NAMES);
        List<?> removed = (List<?>) answers.get("removed");
        for (int i = 0; i < NAMES.size(); i++) {
            assertThat((String) removed.get(i))
                    .as(NAMES.get(i))
                    .isIn(
                            "Recovery " + NAMES.get(i) + " 5f0c9a10-0000-4000-c000-000000000002",
                            "Recovery id 5F0C9A10-0000-4000-B000-000000000001 5f0c9a10-0000-4000-c000-000000000002");
        }
        String shown = (String) answers.get("shown");
        assertThat(shown.lines().filter(line -> line.contains(" CHECKPOINT "))).hasSize(NAMES.size());
        assertThat(shown).doesNotContainPattern("[\\p{IsControl}&&[^\\r\\n]]");
    }

    @Test
    void oneVolumeOrAllAndAVolumeWithoutLeftoversIsNotAnError() throws Exception {
        stub.has("Leftovers", List.of(row(ONE, "SQL1"), row(THREE, "SQL2")));
        assertThat(pwsh.run("""
                        (Get-CsvBackupLeftover).Machine -join ' '
                        (Get-CsvBackupLeftover -VolumeName volume1).Machine
                        (Get-CsvBackupLeftover -VolumeName '*').Count
                        @(Get-CsvBackupLeftover -VolumeName Volume2).Count
                        (Get-CsvBackupState Volume1 | Get-CsvBackupLeftover).Machine
                        Get-CsvBackupLeftover nope -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        $one = Get-CsvBackupLeftover Volume1
                        $one.Kind, $one.Node, $one.Files, $one.Bytes, $one.Age, $one.Created.Kind, $one.Asked.Kind -join ' '
                        Get-CsvBackupLeftover -Uri http://127.0.0.1:1/ -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        ($one | Format-List | Out-String) -match 'Size +: >= 42.0 GB'
                        """)).isEqualToIgnoringNewLines("""
                        SQL1 SQL2
                        SQL1
                        2
                        0
                        SQL1
                        CsvBackupState.VolumeNotFound,Get-CsvBackupLeftover
                        CHECKPOINT NODE1 2 45097156608 2.02:00:00 Local Local
                        CsvBackupState.Unreachable,Get-CsvBackupLeftover
                        True
                        """);
    }

    @Test
    void aShadowCopyIsAsOldAsItsList() throws Exception {
        Map<String, Object> copy = row(ONE, "SQL1");
        copy.put("kind", "SHADOW_COPY");
        copy.put("machine", null);
        stub.has("Leftovers", List.of(row(ONE, "SQL1"), copy));
        has("TOLD", null, 1_700_000_000_000L - 3_600_000L);
        assertThat(pwsh.run("""
                        $all = @(Get-CsvBackupLeftover -Verbose 4>&1)
                        $found = @($all | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] })
                        $found.Kind -join ' '
                        ($found[0].Asked - $found[1].Asked).TotalHours
                        $listed = $found[1].Asked.ToString('yyyy-MM-dd HH:mm:ss')
                        @($all | Where-Object { "$_" -eq "The shadow copies of NODE1 were last listed $listed." }).Count
                        """)).as("after the lines of Invoke-WebRequest").endsWith("CHECKPOINT SHADOW_COPY\n1\n1");
        stub.has("Leftovers", List.of());
        has("FAILED", "WMI denied access.");
        assertThat(pwsh.run("""
                        Get-CsvBackupLeftover -WarningAction SilentlyContinue -Verbose 4>&1 | Where-Object { "$_" -like '*shadow copies*' } | ForEach-Object { "$_" }
                        """))
                .endsWith(
                        "The agent of NODE1 knows no list of its shadow copies of the last four days: whether there are old"
                                + " ones is not known. Get-CsvShadowCopy lists them, and starts VSS for that.");
    }

    @Test
    void anAbsenceThatMayMeanNothingIsAWarning() throws Exception {
        stub.has("Leftovers", List.of());
        String script = "Get-CsvBackupLeftover -WarningAction SilentlyContinue -WarningVariable told; \"$told\"";
        assertThat(pwsh.run(script)).isEmpty();
        has("NO_HYPER_V", null);
        assertThat(pwsh.run(script)).isEmpty();
        has("OFF", null);
        assertThat(pwsh.run(script))
                .isEqualTo("The agent of NODE1 does not look for leftovers: its option leftover-interval is off.");
        has("NOT_ASKED", null);
        assertThat(pwsh.run(script))
                .isEqualTo("The agent of NODE1 has not asked its node for leftovers yet. Wait some minutes.");
        has("FAILED", "WMI denied access. Run the agent as SYSTEM.");
        assertThat(pwsh.run(script))
                .isEqualTo("The agent could not ask NODE1 for leftovers: WMI denied access. Run the agent as SYSTEM.");
    }
}
