package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.busy;
import static io.github.csvbackup.powershell.StubAgent.result;
import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which requests Clear-CsvBackupState sends for several volumes, and about what it asks. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellClearIT extends WithStubAgent {
    @BeforeEach
    void answer() {
        stub.does("assess", path -> result(path, null, null, "CLEARABLE"))
                .does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"));
    }

    private List<String> clears() {
        return stub.calls().stream().filter(call -> !call.startsWith("assess")).toList();
    }

    private void knows(Map<String, String> verdicts) {
        stub.knows(verdicts.keySet().stream()
                .sorted()
                .map(path -> "IDLE".equals(verdicts.get(path)) ? volume(path) : busy(path, verdicts.get(path)))
                .toList());
        stub.does("assess", path -> result(path, null, null, verdicts.get(path)));
    }

    @Test
    void whatIsPipedInIsOneRequestAndTheResultsComeInItsOrder() throws Exception {
        knows(Map.of(ONE, "CLEARABLE", TWO, "CLEARABLE", THREE, "CLEARABLE"));
        assertThat(pwsh.run("""
                        (Get-CsvBackupState | Where-Object Verdict -EQ CLEARABLE | Clear-CsvBackupState -Confirm:$false).Volume -join ' '
                        (Clear-CsvBackupState Volume3, Volume1, Volume2 -Confirm:$false).Volume -join ' '
                        Get-CsvBackupState | Where-Object Verdict -EQ nothing | Clear-CsvBackupState -Confirm:$false
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1 C:\\ClusterStorage\\Volume2 C:\\ClusterStorage\\Volume3
                        C:\\ClusterStorage\\Volume3 C:\\ClusterStorage\\Volume1 C:\\ClusterStorage\\Volume2
                        """);
        assertThat(clears())
                .containsExactly(
                        "clearAll " + ONE + "," + TWO + "," + THREE, "clearAll " + THREE + "," + ONE + "," + TWO);
    }

    /** As many volumes as one request takes, and one more. */
    private List<String> knowsOneMoreThanARequestTakes() {
        List<String> paths = IntStream.rangeClosed(1, 65)
                .mapToObj(number -> "C:\\ClusterStorage\\V" + number)
                .toList();
        stub.knows(paths.stream().map(path -> busy(path, "CLEARABLE")).toList());
        return paths;
    }

    /** A second request would be refused, because the first one has started VSS. */
    @Test
    void whatDoesNotFitIntoARequestIsLeftWithTheEstimate() throws Exception {
        List<String> paths = knowsOneMoreThanARequestTakes();
        Instant estimate = Instant.parse("2031-03-01T10:20:30Z");
        stub.does("assess", path -> {
            boolean isCalm = clears().isEmpty();
            Map<String, Object> assessed =
                    result(path, null, null, ONE.equals(path) ? "RECENT" : isCalm ? "CLEARABLE" : "UNPROVEN");
            assessed.put("earliestClearEpochMillis", isCalm ? 1_700_000_000_000L : estimate.toEpochMilli());
            return assessed;
        });
        assertThat(pwsh.run("""
                        $results = @('Volume1') + @((Get-CsvBackupState).Volume) |
                            Clear-CsvBackupState -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $results.Count
                        ($results[1..64].Outcome | Select-Object -Unique) -join ' '
                        $results[0, 65] | ForEach-Object { "$($_.Volume) $($_.Outcome) $($_.Message)" }
                        $results[65].EarliestClear.ToUniversalTime().ToString('s')
                        $failed.FullyQualifiedErrorId
                        """.replace("'Volume1'", "'" + ONE + "'"))).isEqualToIgnoringNewLines("""
                        66
                        CLEARED
                        C:\\ClusterStorage\\Volume1 REFUSED Refused: RECENT. It ended so.
                        C:\\ClusterStorage\\V65 REFUSED Not sent: one request clears up to 64 volumes, and it starts the VSS service of every node. It can be cleared from about 11:20, an estimate; -Wait waits for it.
                        2031-03-01T10:20:30
                        CsvBackupState.Refused.Recent,Clear-CsvBackupState
                        CsvBackupState.Refused.Clearable,Clear-CsvBackupState
                        """);
        assertThat(clears()).containsExactly("clearAll " + String.join(",", paths.subList(0, 64)));
        assertThat(stub.calls()).hasSize(68).endsWith("assess " + paths.get(64));
    }

    @Test
    void itAsksAboutNoMoreVolumesThanARequestTakes() throws Exception {
        List<String> paths = knowsOneMoreThanARequestTakes();
        stub.does("clear", path -> result(path, "NOT_CLEARED", 0, "CLEARABLE"));
        String said = pwsh.start("""
                        $results = Get-CsvBackupState | Clear-CsvBackupState -ErrorAction SilentlyContinue
                        $results[64].Message
                        """, "y\n".repeat(64)).output();
        assertThat(said.split("Clear the backup state of", -1)).hasSize(65);
        assertThat(said)
                .endsWith("Not sent: the clear of " + paths.get(0) + " ended as NOT_CLEARED. Find out why first.");
    }

    private static List<Map<String, String>> checksOf64Nodes(String vss) {
        return IntStream.rangeClosed(1, 64)
                .boxed()
                .flatMap(node -> Stream.of(
                        check("node-accounted NODE" + node, "PASSED"),
                        check("vss-stopped NODE" + node, vss),
                        check("swprv-stopped NODE" + node, "PASSED"),
                        check("shadow-copies NODE" + node, "DEFERRED")))
                .toList();
    }

    private static Map<String, String> check(String name, String result) {
        return Map.of("name", name, "result", result, "seen", "what was seen", "remedy", "");
    }

    /** 64 nodes have 256 checks, and the verdict must not scroll away. */
    @Test
    void theQuestionIsShortWhateverTheNumberOfNodes() throws Exception {
        knows(Map.of(ONE, "CLEARABLE"));
        stub.does("assess", path -> {
            Map<String, Object> assessed = result(path, null, null, "CLEARABLE");
            List<Map<String, String>> checks = new ArrayList<>(checksOf64Nodes("PASSED"));
            checks.add(0, check("poll-fresh", "PASSED"));
            assessed.put("checks", checks);
            return assessed;
        });
        String clearable = pwsh.start("Clear-CsvBackupState Volume1", "n\n").output();
        assertThat(clearable.lines().toList())
                .hasSizeLessThan(10)
                .anySatisfy(line -> assertThat(line).startsWith("Verdict: CLEARABLE. "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("  PASSED    ")
                        .contains("poll-fresh", "node-accounted (64 nodes)", "vss-stopped (64 nodes)"))
                .contains("  DEFERRED  shadow-copies (64 nodes)")
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(250));

        stub.does("assess", path -> {
            Map<String, Object> assessed = result(path, null, null, "UNPROVEN");
            assessed.put("checks", checksOf64Nodes("UNKNOWN"));
            return assessed;
        });
        String unproven = pwsh.start(
                        "Clear-CsvBackupState '" + ONE + "' -OverrideGuard -Reason 'no job is running'", "n\n")
                .output();
        assertThat(unproven.lines().toList())
                .hasSizeLessThan(22)
                .contains(
                        "  UNKNOWN   vss-stopped NODE12: what was seen",
                        "            and 52 more, see Test-CsvBackupState",
                        "  DEFERRED  shadow-copies (64 nodes)")
                .noneSatisfy(line -> assertThat(line).contains("NODE13"));
        assertThat(clears()).isEmpty();
    }

    @Test
    void withWaitTheRestIsAskedWhenItIsClearableAgain() throws Exception {
        List<String> paths = knowsOneMoreThanARequestTakes();
        assertThat(pwsh.run("(Get-CsvBackupState | Clear-CsvBackupState -Wait -Confirm:$false).Volume -join ','"))
                .isEqualTo(String.join(",", paths));
        assertThat(clears())
                .containsExactly("clearAll " + String.join(",", paths.subList(0, 64)), "clearAll " + paths.get(64));
    }

    @Test
    void ifTheRequestFailsTheRestIsNotSent() throws Exception {
        List<String> paths = knowsOneMoreThanARequestTakes();
        String script = """
                $results = @(Get-CsvBackupState | Clear-CsvBackupState -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed)
                $results.Count
                "$($failed.FullyQualifiedErrorId)"
                $results | Select-Object -Last 1 | ForEach-Object { "$($_.Volume) $($_.Outcome) $($_.Message)" }
                """;
        stub.does("clearAll", all -> new StubAgent.Refusal(403, "java.lang.SecurityException : It may not."));
        assertThat(pwsh.run(script)).isEqualTo("0\nCsvBackupState.Forbidden,Clear-CsvBackupState");
        stub.does("clearAll", all -> new StubAgent.Nothing());
        assertThat(pwsh.run(script)).isEqualToIgnoringNewLines("""
                        65
                        CsvBackupState.Broken,Clear-CsvBackupState
                        C:\\ClusterStorage\\V65 REFUSED Not sent: it is unknown what the request for C:\\ClusterStorage\\V1 and others did. Find that out first, then repeat the command.
                        """);
        assertThat(clears()).hasSize(2).doesNotContain("clearAll " + paths.get(64));
    }

    @Test
    void itAsksOnlyAboutWhatCouldBeClearedAndRefusesTheRestAtOnce() throws Exception {
        knows(Map.of(ONE, "UNPROVEN", TWO, "CLEARABLE", THREE, "IDLE"));
        stub.does(
                "assess",
                path -> path.startsWith("C:\\Cl")
                        ? result(
                                path,
                                null,
                                null,
                                ONE.equals(path) ? "UNPROVEN" : TWO.equals(path) ? "CLEARABLE" : "IDLE")
                        : new StubAgent.Refusal(400, "java.lang.IllegalArgumentException : It is on no volume."));
        String script = """
                Clear-CsvBackupState Volume1, Volume2, Volume3, 'E:\\x' -ErrorAction SilentlyContinue -ErrorVariable failed |
                    ForEach-Object { "$($_.Volume) $($_.Outcome) $($_.StateAfter) $($_.Message)" }
                $failed | ForEach-Object { "$($_.FullyQualifiedErrorId) $_" }
                """;
        String refused = """
                C:\\ClusterStorage\\Volume1 REFUSED IN_PROGRESS Refused: UNPROVEN. It ended so.
                C:\\ClusterStorage\\Volume3 NOTHING_TO_CLEAR IN_PROGRESS It ended so.
                E:\\x FAILED  It is on no volume.
                CsvBackupState.Refused.Unproven,Clear-CsvBackupState Refused: UNPROVEN. It ended so.
                CsvBackupState.Failed,Clear-CsvBackupState It is on no volume.""";

        String no = pwsh.start(script, "n\n").output();
        assertThat(no).containsOnlyOnce("Clear the backup state of C:").contains("Volume2 of cluster STUB");
        assertThat(no).endsWith(refused);
        assertThat(clears()).isEmpty();

        // A prompt that is not expected would fail.
        PowerShell.Ended none = pwsh.start(script.replace("Volume1, Volume2", "Volume1"), "");
        assertThat(none.output()).isEqualTo(refused);
        assertThat(none.errors()).isEmpty();
        assertThat(clears()).isEmpty();
    }

    @Test
    void eachVolumeIsConfirmedAndThoseTogetherAreOneRequest() throws Exception {
        knows(Map.of(ONE, "CLEARABLE", TWO, "CLEARABLE", THREE, "CLEARABLE"));
        String said = pwsh.start("(Clear-CsvBackupState Volume1, Volume2, Volume3).Volume -join ' '", "y\nn\ny\n")
                .output();
        assertThat(said).endsWith(ONE + " " + THREE);
        assertThat(said.split("Clear the backup state of", -1)).hasSize(4);
        assertThat(clears()).containsExactly("clearAll " + ONE + "," + THREE);

        assertThat(pwsh.start("(Clear-CsvBackupState Volume1, Volume2).Volume -join ' '", "a\n")
                        .output())
                .endsWith(ONE + " " + TWO);
        assertThat(clears()).hasSize(2).endsWith("clearAll " + ONE + "," + TWO);
    }

    @Test
    void whatIfAsksNothingAndSendsNothing() throws Exception {
        knows(Map.of(ONE, "UNPROVEN", TWO, "CLEARABLE"));
        assertThat(pwsh.start("(Clear-CsvBackupState Volume1, Volume2 -WhatIf -Wait).Verdict -join ' '", "")
                        .output())
                .contains("What if: ", "jolokia/\": UNPROVEN.", "jolokia/\": CLEARABLE.")
                .endsWith("UNPROVEN CLEARABLE");
        assertThat(clears()).isEmpty();
    }

    /** It decides again, and its audit has the refusal. */
    @Test
    void whereNothingIsAskedTheAgentDecides() throws Exception {
        knows(Map.of(ONE, "UNPROVEN"));
        stub.does("clear", path -> result(path, "REFUSED", null, "RECENT"));
        assertThat(pwsh.run("""
                        (Clear-CsvBackupState Volume1 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed).Verdict
                        $failed.FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        RECENT
                        CsvBackupState.Refused.Recent,Clear-CsvBackupState
                        """);
        assertThat(clears()).containsExactly("clearAll " + ONE);
    }

    @Test
    void aVolumeThatIsNamedTwiceIsClearedOnceAndToldForBoth() throws Exception {
        knows(Map.of(ONE, "CLEARABLE"));
        String said = pwsh.start("(Clear-CsvBackupState Volume1, '" + ONE + "').Outcome -join ' '", "y\n")
                .output();
        assertThat(said).endsWith("CLEARED CLEARED");
        assertThat(clears()).containsExactly("clearAll " + ONE);
    }

    /** The agent gives the estimate with its results, so no question follows. */
    @Test
    void whatTheAgentLeftIsReportedWithTheEstimate() throws Exception {
        knows(Map.of(ONE, "CLEARABLE", TWO, "CLEARABLE"));
        stub.does("clear", path -> {
            Map<String, Object> result = result(path, ONE.equals(path) ? "CLEARED" : "REFUSED", null, "CLEARABLE");
            result.put(
                    "earliestClearEpochMillis",
                    ONE.equals(path) ? 0 : Instant.parse("2031-03-01T10:20:30Z").toEpochMilli());
            return result;
        });
        assertThat(pwsh.run("""
                        $results = Clear-CsvBackupState Volume1, Volume2 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $results.Outcome -join ' '
                        $results[1].EarliestClear.ToUniversalTime().ToString('s'), $results[1].EarliestClear.Kind -join ' '
                        "$($failed.FullyQualifiedErrorId) $failed"
                        ($results[1] | Out-String) -match "EarliestClear : $($results[1].EarliestClear.ToString('yyyy-MM-dd HH:mm:ss')) .an estimate."
                        """)).isEqualToIgnoringNewLines("""
                        CLEARED REFUSED
                        2031-03-01T10:20:30 Local
                        CsvBackupState.Refused.Clearable,Clear-CsvBackupState It ended so. It can be cleared from about 11:20, an estimate; -Wait waits for it.
                        True
                        """);
        assertThat(stub.calls()).hasSize(3).endsWith("clearAll " + ONE + "," + TWO);
    }

    @Test
    void withoutAnEstimateNoTimeIsPromised() throws Exception {
        List<String> paths = knowsOneMoreThanARequestTakes();
        stub.does("assess", path -> result(path, null, null, clears().isEmpty() ? "CLEARABLE" : "UNPROVEN"));
        assertThat(pwsh.run("""
                        $results = Get-CsvBackupState | Clear-CsvBackupState -Confirm:$false -ErrorAction SilentlyContinue
                        $results[64].Message
                        """))
                .endsWith(
                        "the VSS service of every node. It is not known yet when it can be cleared; -Wait waits for that.");
        assertThat(stub.calls()).endsWith("assess " + paths.get(64));
    }

    @Test
    void afterAClearThatWentWrongThereIsOneNextStep() throws Exception {
        knows(Map.of(ONE, "CLEARABLE", TWO, "CLEARABLE"));
        stub.does("clear", path -> result(path, ONE.equals(path) ? "NOT_CLEARED" : "REFUSED", 0, "CLEARABLE"));
        assertThat(pwsh.run("""
                        (Clear-CsvBackupState Volume1, Volume2 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed).Message
                        "$($failed[1])"
                        """)).isEqualToIgnoringNewLines("It ended so.\nIt ended so.\nIt ended so.");
        assertThat(stub.calls()).endsWith("clearAll " + ONE + "," + TWO);
    }

    @Test
    void anAnswerForOtherThanTheVolumesAskedForIsUnknown() throws Exception {
        knows(Map.of(ONE, "CLEARABLE", TWO, "CLEARABLE"));
        String script = """
                $results = Clear-CsvBackupState Volume1, Volume2 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                @($results.Volume; $results.Outcome; $failed.Count; $failed[0].FullyQualifiedErrorId) -join ' '
                """;
        stub.does("clearAll", paths -> List.of(result(ONE, "CLEARED", 0, "CLEARABLE")));
        assertThat(pwsh.run(script)).isEqualTo(unknown("NotAnAgent"));
        stub.does("clearAll", paths -> new StubAgent.Nothing());
        assertThat(pwsh.run(script)).isEqualTo(unknown("Broken"));
    }

    private static String unknown(String error) {
        return ONE + " " + TWO + " UNKNOWN UNKNOWN 1 CsvBackupState." + error + ",Clear-CsvBackupState";
    }

    @Test
    void anOverrideIsOneByOneAndNeverForARunningBackup() throws Exception {
        knows(Map.of(ONE, "RECENT", TWO, "UNPROVEN", THREE, "ACTIVE"));
        stub.does("forceClear", path -> result(path, "CLEARED", 0, "UNPROVEN"));
        String said = pwsh.start("""
                        $results = Clear-CsvBackupState Volume1, Volume2, Volume3 -OverrideGuard -Reason 'vendor case 4711' -ErrorAction SilentlyContinue -ErrorVariable failed
                        $results.Outcome -join ' '
                        "$failed"
                        """, "y\ny\n").output();
        assertThat(said).endsWith("CLEARED CLEARED REFUSED\nRefused: ACTIVE. It ended so. This cannot be overridden.");
        assertThat(clears()).containsExactly("forceClear " + ONE, "forceClear " + TWO);
    }

    @Test
    void whereTheAgentAllowsNoOverrideItIsRefusedAtOnceWithTheNextStep() throws Exception {
        stub.has("AllowForce", false);
        knows(Map.of(ONE, "CLEARABLE", TWO, "UNPROVEN", THREE, "ACTIVE"));
        String off =
                "Refused: the agent on NODE1 does not allow -OverrideGuard, because its option allow-force is false. ";
        PowerShell.Ended ended = pwsh.start("""
                        $results = Clear-CsvBackupState Volume1, Volume2, Volume3 -OverrideGuard -Reason 'vendor case 4711' -ErrorAction SilentlyContinue -ErrorVariable failed
                        $results.Outcome -join ' '
                        $failed.FullyQualifiedErrorId
                        $results.Message
                        """, "");
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output())
                .isEqualTo(String.join(
                        "\n",
                        "REFUSED REFUSED REFUSED",
                        "CsvBackupState.Refused.Clearable,Clear-CsvBackupState",
                        "CsvBackupState.Refused.Unproven,Clear-CsvBackupState",
                        "CsvBackupState.Refused.Active,Clear-CsvBackupState",
                        off + "The volume is CLEARABLE: repeat the command without -OverrideGuard and -Reason.",
                        off
                                + "UNPROVEN. It ended so. To override the guard, an administrator must set allow-force=true and restart that agent.",
                        "Refused: ACTIVE. It ended so. This cannot be overridden."));
        assertThat(clears()).isEmpty();
        // Without a question the agent decides, and its audit has it.
        stub.does("forceClear", path -> result(path, "REFUSED", null, "UNPROVEN"));
        assertThat(
                        pwsh.run(
                                "(Clear-CsvBackupState Volume2 -OverrideGuard -Reason 'vendor case 4711' -Confirm:$false -ErrorAction SilentlyContinue).Outcome"))
                .isEqualTo("REFUSED");
        assertThat(clears()).containsExactly("forceClear " + TWO);
    }
}
