package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.busy;
import static io.github.csvbackup.powershell.StubAgent.result;
import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the module waits for, what it asks meanwhile, and when it gives up. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellWaitIT extends WithStubAgent {
    /** Without the pauses between the looks. */
    private static final String NO_PAUSES = "function global:Start-Sleep { }\n";

    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void answer() {
        stub.does("clear", path -> result(path, "CLEARED", 0, "CLEARABLE"));
    }

    /** The verdicts of both volumes at each look; the last ones remain. */
    private void polls(String... verdicts) {
        stub.has("Volumes", () -> {
            String[] both = verdicts[Math.min(looks.getAndIncrement(), verdicts.length - 1)].split(" ", -1);
            return List.of(as(ONE, both[0]), as(TWO, both[1]));
        });
        stub.has("VolumeNames", List.of(ONE, TWO));
        // As the last look said.
        stub.does("assess", path -> {
            String[] both =
                    verdicts[Math.min(looks.get() == 0 ? 0 : looks.get() - 1, verdicts.length - 1)].split(" ", -1);
            return result(path, null, null, both[ONE.equals(path) ? 0 : 1].replace("SOON", "RECENT"));
        });
    }

    private static Map<String, Object> as(String path, String verdict) {
        Map<String, Object> volume =
                "IDLE".equals(verdict) ? volume(path) : busy(path, verdict.replace("SOON", "RECENT"));
        if ("SOON".equals(verdict)) {
            volume.put(
                    "earliestClearEpochMillis",
                    Instant.now().plus(Duration.ofMinutes(5)).toEpochMilli());
        }
        return volume;
    }

    @Test
    void waitsByWhatPollsFoundThenClearsOnce() throws Exception {
        polls("RECENT IDLE", "RECENT IDLE", "UNPROVEN IDLE", "CLEARABLE IDLE");
        assertThat(pwsh.run(NO_PAUSES + "(Clear-CsvBackupState Volume1 -Wait -Confirm:$false).Outcome"))
                .isEqualTo("CLEARED");
        // An assessment could keep VSS running: there is one before the wait, and one after it.
        assertThat(stub.calls()).containsExactly("assess " + ONE, "assess " + ONE, "clearAll " + ONE);
        assertThat(looks).hasValue(4);
    }

    @Test
    void asksForConfirmationWhenItCanBeCleared() throws Exception {
        polls("RECENT IDLE", "RECENT IDLE", "CLEARABLE IDLE");
        PowerShell.Ended no = pwsh.start(NO_PAUSES + "@(Clear-CsvBackupState Volume1 -Wait).Count", "n\n");
        assertThat(no.output()).contains("Verdict: CLEARABLE.").endsWith("0");
        assertThat(stub.calls()).containsExactly("assess " + ONE, "assess " + ONE);
    }

    @Test
    void endsWithTheReasonIfItIsRefusedAfterItsOwnQuestion() throws Exception {
        polls("RECENT IDLE", "CLEARABLE IDLE");
        stub.does("clear", path -> result(path, "REFUSED", null, "UNPROVEN"));
        assertThat(pwsh.run(NO_PAUSES + """
                        $result = Clear-CsvBackupState Volume1 -Wait -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($result.Outcome) $($failed.Count) $($failed.FullyQualifiedErrorId) $failed"
                        """))
                .isEqualTo("REFUSED 1 CsvBackupState.Refused.Unproven,Clear-CsvBackupState It ended so.");
        assertThat(stub.calls()).containsOnlyOnce("clearAll " + ONE);
    }

    /** For example because the audit does not match: every other round would be the same. */
    @Test
    void aRoundInWhichNothingEndsIsTheLastOne() throws Exception {
        polls("CLEARABLE CLEARABLE");
        stub.does("clear", path -> result(path, "REFUSED", null, "CLEARABLE"));
        assertThat(pwsh.run(NO_PAUSES + """
                        (Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false -ErrorAction SilentlyContinue).Outcome -join ' '
                        """)).isEqualTo("REFUSED REFUSED");
        assertThat(stub.calls()).containsOnlyOnce("clearAll " + ONE + "," + TWO);
    }

    /** Something changed right before its call: another round would start VSS everywhere again. */
    @Test
    void aVolumeThatWasRefusedBeforeItsCallIsNotLeft() throws Exception {
        polls("CLEARABLE CLEARABLE");
        stub.does("clear", path -> {
            Map<String, Object> result = result(path, TWO.equals(path) ? "REFUSED" : "CLEARED", null, "CLEARABLE");
            result.put("earliestClearEpochMillis", 0);
            return result;
        });
        assertThat(pwsh.run(NO_PAUSES + """
                        (Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false -ErrorAction SilentlyContinue).Outcome -join ' '
                        """)).isEqualTo("CLEARED REFUSED");
        assertThat(stub.calls()).containsOnlyOnce("clearAll " + ONE + "," + TWO);
    }

    /** The agent has ended its batch, and a next round would start VSS everywhere and call the native function again. */
    @Test
    void aClearThatWentWrongIsTheLastOne() throws Exception {
        for (String wrong : List.of("NOT_CLEARED", "FAILED", "UNKNOWN")) {
            looks.set(0);
            polls("CLEARABLE CLEARABLE");
            stub.does("clear", path -> result(path, ONE.equals(path) ? wrong : "REFUSED", 0, "CLEARABLE"));
            int before = stub.calls().size();
            assertThat(pwsh.run(NO_PAUSES + """
                            $results = Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                            "$($results.Outcome -join ' ') $($results[1].Message) $($failed.Count)"
                            """)).isEqualTo(wrong + " REFUSED It ended so. 2");
            assertThat(stub.calls().subList(before, stub.calls().size()))
                    .containsExactly("assess " + ONE, "assess " + TWO, "clearAll " + ONE + "," + TWO);
        }
    }

    @Test
    void afterAClearThatWentWrongWhatWasWaitedForEndsToo() throws Exception {
        polls("CLEARABLE ACTIVE", "IDLE CLEARABLE");
        stub.does("clear", path -> result(path, "NOT_CLEARED", 0, "CLEARABLE"));
        String script = NO_PAUSES + """
                $results = Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                $results | ForEach-Object { "$($_.Outcome) $($_.EarliestClear) $($_.Message)" }
                $failed.FullyQualifiedErrorId
                """;
        assertThat(pwsh.run(script)).isEqualToIgnoringNewLines("""
                        NOT_CLEARED  It ended so.
                        REFUSED  Not sent: the clear of C:\\ClusterStorage\\Volume1 ended as NOT_CLEARED. Find out why first.
                        CsvBackupState.NotCleared,Clear-CsvBackupState
                        CsvBackupState.Refused.Active,Clear-CsvBackupState
                        """);
        assertThat(stub.calls()).containsExactly("assess " + ONE, "assess " + TWO, "clearAll " + ONE);

        // A lost answer may hide such an end.
        looks.set(0);
        stub.does("clearAll", paths -> new StubAgent.Nothing());
        assertThat(pwsh.run(script))
                .contains("UNKNOWN ", "REFUSED  Not sent: it is unknown what the request for " + ONE);
        assertThat(stub.calls()).hasSize(6).endsWith("clearAll " + ONE);
    }

    @Test
    void clearsWhatWasLeftWhenItIsClearableAgainAndAsksNoSecondTime() throws Exception {
        polls("UNPROVEN UNPROVEN", "CLEARABLE CLEARABLE", "IDLE UNPROVEN", "IDLE UNPROVEN", "IDLE CLEARABLE");
        stub.does("clear", path -> {
            boolean isLeft = TWO.equals(path) && looks.get() < 3;
            return result(path, isLeft ? "REFUSED" : "CLEARED", null, "CLEARABLE");
        });
        PowerShell.Ended ended = pwsh.start(NO_PAUSES + """
                $results = Clear-CsvBackupState Volume2, Volume1 -Wait -ErrorVariable failed
                "$($results.Volume -join ' ') $($results.Outcome -join ' ') $($failed.Count)"
                """, "y\ny\n");
        assertThat(ended.output()).endsWith(TWO + " " + ONE + " CLEARED CLEARED 0");
        assertThat(ended.errors()).isEmpty();
        assertThat(stub.calls().stream().filter(call -> call.startsWith("clear")))
                .containsExactly("clearAll " + TWO + "," + ONE, "clearAll " + TWO);
    }

    @Test
    void aVolumeThatFollowsSoonIsWaitedForAndOneThatDoesNotIsNot() throws Exception {
        polls("CLEARABLE SOON", "CLEARABLE SOON", "CLEARABLE SOON", "CLEARABLE CLEARABLE");
        stub.does("assess", path -> {
            boolean isSoon = TWO.equals(path) && looks.get() < 4;
            Map<String, Object> assessed = result(path, null, null, isSoon ? "RECENT" : "CLEARABLE");
            assessed.put(
                    "earliestClearEpochMillis",
                    Instant.now().plus(Duration.ofMinutes(5)).toEpochMilli());
            return assessed;
        });
        assertThat(pwsh.run(
                        NO_PAUSES + "(Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false).Outcome -join ' '"))
                .isEqualTo("CLEARED CLEARED");
        assertThat(stub.calls()).contains("clearAll " + ONE + "," + TWO);

        looks.set(0);
        polls("CLEARABLE ACTIVE", "IDLE ACTIVE", "IDLE CLEARABLE");
        assertThat(pwsh.run(
                        NO_PAUSES + "(Clear-CsvBackupState Volume1, Volume2 -Wait -Confirm:$false).Outcome -join ' '"))
                .isEqualTo("CLEARED CLEARED");
        assertThat(stub.calls().stream().filter(call -> call.startsWith("clear")))
                .endsWith("clearAll " + ONE, "clearAll " + TWO);
    }

    @Test
    void aStateThatEndsMeanwhileNeedsNoClear() throws Exception {
        polls("ACTIVE IDLE", "ACTIVE IDLE", "IDLE IDLE");
        assertThat(pwsh.run(NO_PAUSES + "(Clear-CsvBackupState Volume1 -Wait).Outcome"))
                .isEqualTo("NOTHING_TO_CLEAR");
        assertThat(stub.calls()).containsExactly("assess " + ONE, "assess " + ONE);
    }

    /** An assessment at the end could keep VSS running: after the first one there are only reads. */
    @Test
    void givesUpInTimeWithTheVerdictOfTheLastPoll() throws Exception {
        polls("RECENT IDLE", "UNPROVEN IDLE");
        assertThat(pwsh.run(NO_PAUSES + """
                        $result = Clear-CsvBackupState Volume1 -Wait -TimeoutSeconds 4 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($result.Outcome) $($result.Verdict) $($result.Message)"
                        "$($failed.Count) $($failed.FullyQualifiedErrorId) $failed"
                        """)).isEqualToIgnoringNewLines("""
                        REFUSED UNPROVEN The state could not be cleared within 4 s. The last poll said UNPROVEN. Test-CsvBackupState says why.
                        1 CsvBackupState.WaitTimedOut,Clear-CsvBackupState After 4 s the backup state cannot be cleared yet: C:\\ClusterStorage\\Volume1 (UNPROVEN). Use Test-CsvBackupState to check whether a backup is running.
                        """);
        assertThat(stub.calls()).containsExactly("assess " + ONE);
        assertThat(looks).hasValueGreaterThan(1);
    }

    @Test
    void givesUpInTimeAlsoIfTheAgentDoesNotAnswerAnyMore() throws Exception {
        polls("RECENT IDLE");
        stub.has(
                "Volumes",
                () -> looks.getAndIncrement() == 0
                        ? List.of(as(ONE, "RECENT"), as(TWO, "IDLE"))
                        : new StubAgent.Http(503, "It starts."));
        assertThat(pwsh.run(NO_PAUSES + """
                        $result = Clear-CsvBackupState Volume1 -Wait -TimeoutSeconds 5 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($result.Outcome) $($result.Verdict) $($result.Message)"
                        "$($failed.FullyQualifiedErrorId) $failed"
                        """))
                .startsWith("REFUSED RECENT The state could not be cleared within 5 s. It ended so.")
                .contains("WaitTimedOut", "It starts.");
        assertThat(stub.calls()).containsExactly("assess " + ONE);
    }

    /** The poll and the assessment of an agent can differ for a moment. */
    @Test
    void anAssessmentThatDisagreesWithThePollsIsNotRepeatedForEver() throws Exception {
        polls("CLEARABLE IDLE");
        stub.does("assess", path -> result(path, null, null, "UNPROVEN"));
        assertThat(pwsh.run("""
                        (Clear-CsvBackupState Volume1 -Wait -TimeoutSeconds 3 -ErrorAction SilentlyContinue -ErrorVariable failed).Outcome
                        $failed.FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        REFUSED
                        CsvBackupState.WaitTimedOut,Clear-CsvBackupState
                        """);
        assertThat(stub.calls()).hasSizeLessThan(6).allMatch(call -> call.startsWith("assess"));
    }

    @Test
    void theWaitCanBeEndedAtAnyMomentAndSaysForWhatAndUntilWhen() throws Exception {
        polls("SOON IDLE");
        assertThat(pwsh.run("""
                        Stop-AtFirstProgress "Clear-CsvBackupState -VolumeName Volume1 -Uri '$Url' -Wait -TimeoutSeconds 600"
                        """)).isEqualToIgnoringNewLines("""
                        Stopped
                        Completed
                        Waiting until the backup state can be cleared
                        C:\\ClusterStorage\\Volume1 (RECENT, clearable from about 00:00). Ends at 00:00:00 at the latest.
                        """);
        assertThat(stub.calls()).containsExactly("assess " + ONE);
    }

    @Test
    void waitsUntilAllAreClearableOrNotStale() throws Exception {
        polls("UNPROVEN CLEARABLE", "CLEARABLE UNPROVEN", "CLEARABLE IDLE");
        assertThat(pwsh.run(NO_PAUSES + "(Wait-CsvBackupState -Until Clearable).Verdict -join ' '"))
                .isEqualTo("CLEARABLE IDLE");
        assertThat(looks).hasValue(3);

        Map<String, Object> young = busy(ONE, "RECENT");
        young.put("stale", false);
        looks.set(0);
        stub.has("Volumes", () -> List.of(looks.incrementAndGet() < 3 ? busy(ONE, "UNPROVEN") : young, volume(TWO)));
        assertThat(pwsh.run(NO_PAUSES + """
                        (Wait-CsvBackupState -Until NotStale).State -join ' '
                        Wait-CsvBackupState -Until Clearable -TimeoutSeconds 1 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$failed"
                        Wait-CsvBackupState -TimeoutSeconds 1 -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$failed"
                        """)).isEqualToIgnoringNewLines("""
                        IN_PROGRESS NONE
                        After 1 s the backup state cannot be cleared yet: C:\\ClusterStorage\\Volume1 (RECENT). Use Test-CsvBackupState to check whether a backup is running.
                        After 1 s the backup state is still set: C:\\ClusterStorage\\Volume1 (RECENT). Use Test-CsvBackupState to check whether a backup is running.
                        """);
        assertThat(stub.calls()).isEmpty();
    }

    @Test
    void refusesParametersThatMakeNoSenseTogether() throws Exception {
        assertThat(pwsh.run("""
                        try { Clear-CsvBackupState Volume1 -Wait -OverrideGuard -Reason 'vendor case 4711' } catch { $_.FullyQualifiedErrorId }
                        try { Clear-CsvBackupState Volume1 -TimeoutSeconds 5 } catch { $_.FullyQualifiedErrorId }
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.WaitWithOverride,Clear-CsvBackupState
                        CsvBackupState.TimeoutWithoutWait,Clear-CsvBackupState
                        """);
        assertThat(stub.calls()).isEmpty();
    }
}
