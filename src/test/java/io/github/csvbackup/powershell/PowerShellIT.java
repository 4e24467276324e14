package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The PowerShell module with the packaged agent on a simulated cluster: what an administrator types and sees. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellIT {
    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;

    @BeforeAll
    static void start() throws Exception {
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"), "--allow-force=true");
        pwsh = PowerShell.with(folder, agent);
    }

    @AfterAll
    static void stop() throws Exception {
        agent.close();
    }

    /** Clears all states and faults. */
    @BeforeEach
    void calm() throws Exception {
        pwsh.run("""
                Invoke-Simulation releaseHungCalls
                foreach ($volume in $one, $two, $three) {
                    Invoke-Simulation removeShadowCopies $volume
                    while ((Get-CsvBackupState -VolumeName $volume).State -ne 'NONE') {
                        try { Invoke-Simulation completeBackup $volume } catch { Invoke-Simulation moveVolume $volume NODE1 }
                        $null = Invoke-Bean -Bean CsvBackupState -Request @{ type = 'exec'; operation = 'refresh' }
                    }
                }
                # A new process of VSS: the agent does not list the shadow copies of a process again that had none.
                Stop-BackupService
                """);
    }

    @Test
    void showsVolumesWithTimesAndAges() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE1
                        do { $volume = Get-CsvBackupState -VolumeName $one } until ($volume.State -eq 'IN_PROGRESS')
                        $volume.PSObject.TypeNames[0]
                        $volume.State, $volume.Stale, ($volume.Verdict -in 'ACTIVE', 'UNPROVEN'), $volume.OwnerNode, $volume.Resource, $volume.FaultState, $volume.Node -join ' '
                        $volume.Since.GetType().Name, $volume.Since.Kind, $volume.Age.GetType().Name -join ' '
                        ((Get-Date) - $volume.Since - $volume.Age).TotalSeconds -lt 60
                        $volume.VolumeGuid
                        $idle = Get-CsvBackupState -VolumeName $two
                        $idle.State, ($null -eq $idle.Since), ($null -eq $idle.Age) -join ' '
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.Volume
                        IN_PROGRESS False True NODE1 Cluster Disk 1 NO_DIRECT_IO NODE1
                        DateTime Local TimeSpan
                        True
                        \\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000001}\\
                        NONE True True
                        """);
    }

    @Test
    void namesMayBePathsLastPartsAndWildcards() throws Exception {
        assertThat(pwsh.run("""
                        @(Get-CsvBackupState).Count
                        (Get-CsvBackupState -VolumeName 'volume2').Volume
                        (Get-CsvBackupState 'C:\\ClusterStorage\\Volume2\\').Volume
                        (Get-CsvBackupState -VolumeName '*1', 'Volume3').Volume -join ' '
                        @(Get-CsvBackupState -VolumeName 'nothing*').Count
                        Get-CsvBackupState -VolumeName 'nope', 'Volume1' -ErrorAction SilentlyContinue -ErrorVariable failed | ForEach-Object Volume
                        $failed[0].FullyQualifiedErrorId
                        "$($failed[0])"
                        """)).isEqualToIgnoringNewLines("""
                        3
                        C:\\ClusterStorage\\Volume2
                        C:\\ClusterStorage\\Volume2
                        C:\\ClusterStorage\\Volume1 C:\\ClusterStorage\\Volume3
                        0
                        C:\\ClusterStorage\\Volume1
                        CsvBackupState.VolumeNotFound,Get-CsvBackupState
                        There is no volume 'nope'. Existing volumes: C:\\ClusterStorage\\Volume1, C:\\ClusterStorage\\Volume2, C:\\ClusterStorage\\Volume3.
                        """);
    }

    @Test
    void assessesWithEveryCheckAndARemedy() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE2
                        $assessment = Test-CsvBackupState Volume1
                        $assessment.PSObject.TypeNames[0], $assessment.Verdict -join ' '
                        $check = $assessment.Checks | Where-Object Name -eq 'shadow-copies NODE2'
                        $check.Result, $check.At.GetType().Name, $check.Remedy -join ' '
                        ($assessment.Checks | Where-Object Name -like 'swprv-stopped*').Count
                        $assessment.NextStep -like 'A backup of this volume is running*'
                        Test-CsvBackupState Volume1 -Quiet
                        @(Test-CsvBackupState).Count
                        Invoke-Simulation completeBackup $one
                        New-AbandonedState $one
                        Wait-Verdict $one CLEARABLE
                        Test-CsvBackupState $one -Quiet
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.Assessment ACTIVE
                        BACKUP DateTime Let the backup finish, or cancel its job in the backup product.
                        3
                        True
                        False
                        3
                        True
                        """);
    }

    @Test
    void saysThatTheAgentItselfHasStartedVss() throws Exception {
        assertThat(pwsh.run("""
                        $ours = 'VSS on all 3 nodes started at [^,]+, when this agent listed their shadow copies; if nothing else uses it, it usually stops within minutes'
                        New-AbandonedState $one
                        Wait-Verdict $one CLEARABLE
                        $null = Get-CsvShadowCopy $one -Confirm:$false 6>$null
                        do { $assessment = Test-CsvBackupState Volume1 } until ($assessment.NextStep -match $ours)
                        $assessment.Verdict
                        $check = $assessment.Checks | Where-Object Name -eq 'vss-stopped NODE2'
                        $check.Result, ($check.Seen -match 'VSS on NODE2 started at [^,]+, when this agent listed its shadow copies') -join ' '
                        $null = Clear-CsvBackupState $one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed[0])" -match "^Refused: UNPROVEN.*$ours"

                        Invoke-Simulation startBackup $one NODE1
                        $null = Get-CsvShadowCopy $one -Confirm:$false 6>$null
                        do { $assessment = Test-CsvBackupState Volume1 } until ($assessment.Verdict -eq 'ACTIVE')
                        $assessment.NextStep -match "^A backup of this volume is running.*$ours"
                        $null = Clear-CsvBackupState $one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed[0])" -match "^Refused: ACTIVE.*$ours"
                        """)).isEqualToIgnoringNewLines("""
                        UNPROVEN
                        UNKNOWN True
                        True
                        True
                        True
                        """);
    }

    @Test
    void aRefusalIsAnErrorWithTheRemedyAndAResultAllTheSame() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE1
                        $before = Get-ClearCall
                        $result = Clear-CsvBackupState $one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $result.Outcome, $result.Verdict, $result.StateAfter, ($result.Checks.Count -gt 5) -join ' '
                        $failed.Count, $failed[0].FullyQualifiedErrorId, $failed[0].CategoryInfo.Category -join ' '
                        "$($failed[0])" -like 'Refused: ACTIVE. A backup of this volume is running, and clearing would corrupt it: *Let the backup finish*'
                        (Get-ClearCall) - $before
                        Invoke-Simulation killBackup $one
                        $null = Clear-CsvBackupState $one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        REFUSED ACTIVE IN_PROGRESS True
                        1 CsvBackupState.Refused.Active,Clear-CsvBackupState ResourceBusy
                        True
                        0
                        CsvBackupState.Refused.Unproven,Clear-CsvBackupState
                        """);
    }

    @Test
    void whatIfShowsTheAssessmentAndChangesNothing() throws Exception {
        assertThat(pwsh.run("""
                        New-AbandonedState $one
                        Wait-Verdict $one CLEARABLE
                        $before = Get-ClearCall
                        $lines = @(Get-CsvBackupAudit).Count
                        $shown = Clear-CsvBackupState $one -WhatIf
                        $shown.PSObject.TypeNames[0], $shown.Verdict -join ' '
                        (Get-ClearCall) - $before
                        @(Get-CsvBackupAudit).Count - $lines
                        (Get-CsvBackupState Volume1).State
                        """))
                .contains("What if: Performing the operation \"Clear the backup state\" on target")
                .contains("C:\\ClusterStorage\\Volume1 of cluster SIMULATED, by the agent on NODE1 at " + agent.url()
                        + "jolokia/\": CLEARABLE.")
                .endsWith("""
                        CsvBackupState.Assessment CLEARABLE
                        0
                        0
                        IN_PROGRESS""");
    }

    @Test
    void asksWithTheVerdictAndTheChecksBeforeItClears() throws Exception {
        String script = """
                if ((Get-CsvBackupState Volume1).State -eq 'NONE') { New-AbandonedState $one; Wait-Verdict $one CLEARABLE }
                $before = Get-ClearCall
                Clear-CsvBackupState $one | ForEach-Object Outcome
                "calls: $((Get-ClearCall) - $before)"
                """;

        PowerShell.Ended no = pwsh.start(script, "n\n");
        assertThat(no.output())
                .contains(
                        "Clear the backup state of C:\\ClusterStorage\\Volume1 of cluster SIMULATED, by the agent on NODE1 at "
                                + agent.url() + "jolokia/?")
                .contains("Verdict: CLEARABLE. No check found a reason not to clear.")
                .containsPattern("\n  PASSED    .*vss-stopped \\(3 nodes\\).*\n  DEFERRED  shadow-copies \\(3 nodes\\)")
                .endsWith("calls: 0");

        assertThat(pwsh.start(script, "").output()).as("a prompt that fails").endsWith("calls: 0");

        PowerShell.Ended yes = pwsh.start(script, "y\n");
        assertThat(yes.output()).contains("Verdict: CLEARABLE").endsWith("CLEARED\ncalls: 1");
    }

    @Test
    void clearsProvesAndRecords() throws Exception {
        assertThat(pwsh.run("""
                        New-AbandonedState $one
                        Wait-Verdict $one CLEARABLE
                        $result = Get-CsvBackupState | Where-Object Verdict -eq CLEARABLE | Clear-CsvBackupState -Confirm:$false
                        $result.PSObject.TypeNames[0], $result.Outcome, $result.Win32Code, $result.StateBefore, $result.StateAfter, $result.Verdict -join ' '
                        (Get-CsvBackupState Volume1).State
                        (Clear-CsvBackupState $one -Confirm:$false).Outcome
                        $audit = Get-CsvBackupAudit -VolumeName Volume1 -Last 3
                        $audit.Kind -join ' '
                        $audit[1].AuditId -eq $result.AuditId
                        $audit[1].At.GetType().Name, $audit[1].Principal, $audit[1].Surface -join ' '
                        @(Get-CsvBackupAudit -Last 2).Count
                        @(Get-CsvBackupAudit -VolumeName 'other*').Count
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.ClearResult CLEARED 0 IN_PROGRESS NONE CLEARABLE
                        NONE
                        NOTHING_TO_CLEAR
                        intent outcome refused
                        True
                        DateTime operator token http
                        2
                        0
                        """);
    }

    @Test
    void whereItWouldBeRefusedItAsksNothingAndSaysTheSameAsTheTest() throws Exception {
        PowerShell.Ended ended = pwsh.start("""
                Invoke-Simulation startBackup $one NODE1
                $assessment = Test-CsvBackupState $one
                $before = Get-ClearCall
                $result = Clear-CsvBackupState $one -ErrorAction SilentlyContinue -ErrorVariable failed
                $result.Outcome, $result.Verdict, ($null -eq $result.EarliestClear), ((Get-ClearCall) - $before) -join ' '
                # The age of the evidence differs.
                $bare = { param($text) $text -replace ', seen .*?(ago|now)' }
                (& $bare "$failed") -eq (& $bare "Refused: ACTIVE. $($assessment.NextStep)")
                $failed[0].FullyQualifiedErrorId
                """, "");
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output()).isEqualToIgnoringNewLines("""
                        REFUSED ACTIVE True 0
                        True
                        CsvBackupState.Refused.Active,Clear-CsvBackupState
                        """);
    }

    @Test
    void waitsForTheStateToBecomeClearableAndClearsIt() throws Exception {
        assertThat(pwsh.run("""
                        New-AbandonedState $one
                        while ((Get-CsvBackupState Volume1).State -eq 'NONE') { }
                        $assessment = Test-CsvBackupState $one
                        $assessment.Verdict -in 'RECENT', 'UNPROVEN'
                        $assessment.EarliestClear.Kind, ($assessment.EarliestClear -gt (Get-Date).AddMinutes(-1)), ($assessment.EarliestClear -lt (Get-Date).AddMinutes(1)) -join ' '
                        ($assessment | Out-String -Width 200) -match 'EarliestClear : \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d .an estimate.'
                        $result = Clear-CsvBackupState $one -Wait -TimeoutSeconds 100 -Confirm:$false
                        $result.Outcome, $result.Verdict -join ' '
                        # What the clear asked is still known, and no node is asked again.
                        $told = Get-CsvShadowCopy $one -LastKnown 6>&1
                        "$told" -match '^C:.ClusterStorage.Volume1: asked 3 nodes, none, \\d+ s ago\\.$'
                        """)).isEqualToIgnoringNewLines("""
                        True
                        Local True True
                        True
                        CLEARED CLEARABLE
                        True
                        """);
    }

    @Test
    void fortyVolumesOnEightNodesAreOneBatch() throws Exception {
        try (PackagedAgent large = PackagedAgent.withShortTimes(
                folder.resolve("forty"), "--simulated-volumes=40", "--simulated-nodes=8")) {
            PowerShell there = PowerShell.with(folder, large);
            assertThat(there.run("""
                            foreach ($volume in (Get-CsvBackupState).Volume) {
                                Invoke-Simulation startBackup $volume NODE1
                                Invoke-Simulation killBackup $volume
                            }
                            foreach ($node in 1..8) { foreach ($service in 'VSS', 'swprv') { Invoke-Simulation setServiceState "NODE$node" $service STOPPED } }
                            $null = Invoke-Bean -Bean CsvBackupState -Request @{ type = 'exec'; operation = 'refresh' }
                            # Their states are seconds apart, and some can be cleared before the others: they are waited for.
                            $results = Get-CsvBackupState | Clear-CsvBackupState -Wait -TimeoutSeconds 100 -Confirm:$false
                            ($results | Group-Object -Property Outcome | ForEach-Object { "$($_.Count) $($_.Name)" }) -join ' '
                            Get-ClearCall
                            $audit = Get-CsvBackupAudit -Last 200 | Where-Object Kind -EQ outcome
                            $audit.Count, @($audit.Batch | Select-Object -Unique).Count, ($audit[0].Batch -eq $results[39].Batch), ($audit[0].Batch.Length -gt 0) -join ' '
                            @((Invoke-Bean -Bean CsvBackupState -Request @{ type = 'read'; attribute = 'LastShadowCopies' }).node).Count
                            """)).isEqualToIgnoringNewLines("""
                            40 CLEARED
                            40
                            40 1 True True
                            8
                            """);
        }
    }

    @Test
    void aFailedClearHasItsWin32Code() throws Exception {
        assertThat(pwsh.run("""
                        New-AbandonedState $one
                        Wait-Verdict $one CLEARABLE
                        Invoke-Simulation failNextCalls ClusterClearBackupStateForSharedVolume 5 1
                        $result = Clear-CsvBackupState $one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $result.Outcome, $result.Win32Code, $failed[0].FullyQualifiedErrorId -join ' '
                        $failed[0].Exception.GetType().FullName, $failed[0].Exception.NativeErrorCode -join ' '
                        $result = Clear-CsvBackupState 'C:\\elsewhere' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        Invoke-Simulation failNextCalls ClusterClearBackupStateForSharedVolume 0 1
                        $null = Clear-CsvBackupState $one -OverrideGuard -Reason 'a lying function' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        FAILED 5 CsvBackupState.Failed.5,Clear-CsvBackupState
                        System.ComponentModel.Win32Exception 5
                        CsvBackupState.Failed.87,Clear-CsvBackupState
                        CsvBackupState.NotCleared,Clear-CsvBackupState
                        """);
    }

    @Test
    void overridingWantsAReasonAndStandsInTheAudit() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE1
                        Invoke-Simulation killBackup $one
                        try { Clear-CsvBackupState $one -OverrideGuard -Reason short -Confirm:$false } catch { $_.FullyQualifiedErrorId }
                        try { Clear-CsvBackupState $one -Reason 'why ever it may be' -Confirm:$false } catch { $_.FullyQualifiedErrorId }
                        $null = Clear-CsvBackupState Volume1 -OverrideGuard -Reason 'vendor case 4711 says so' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed[0])" -like '*Type the volume*s friendly path again, exactly.'
                        $result = Clear-CsvBackupState $one -OverrideGuard -Reason 'vendor case 4711 says so' -Confirm:$false
                        $result.Outcome, $result.Verdict -join ' '
                        (Get-CsvBackupAudit -Last 2)[0].Reason
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.ReasonMissing,Clear-CsvBackupState
                        CsvBackupState.ReasonWithoutOverride,Clear-CsvBackupState
                        True
                        CLEARED UNPROVEN
                        vendor case 4711 says so
                        """);
    }

    @Test
    void neverClearsByWildcardOrThroughSeveralAgents() throws Exception {
        assertThat(pwsh.run("""
                        $before = Get-ClearCall
                        Clear-CsvBackupState '*', 'Volume?' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        Clear-CsvBackupState $one -Uri $Url, $Url -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        Clear-CsvBackupState 'Volume9' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        (Get-ClearCall) - $before
                        """)).isEqualToIgnoringNewLines("""
                        CsvBackupState.Wildcard,Clear-CsvBackupState
                        CsvBackupState.Wildcard,Clear-CsvBackupState
                        CsvBackupState.SeveralAgents,Clear-CsvBackupState
                        CsvBackupState.VolumeNotFound,Clear-CsvBackupState
                        0
                        """);
    }

    @Test
    void waitsUntilTheStateIsNoneOrSaysThatItStillIsSet() throws Exception {
        assertThat(pwsh.run("""
                        (Wait-CsvBackupState -VolumeName Volume1).State
                        Invoke-Simulation startBackup $one NODE1
                        while ((Get-CsvBackupState Volume1).State -eq 'NONE') { }
                        Wait-CsvBackupState Volume1 -TimeoutSeconds 1 -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        "$($failed[0])" -replace 'ACTIVE|UNPROVEN', 'VERDICT'
                        # Ends while the command waits: a prepared backup failed 1798 s ago, and the cluster's own timer is 1800 s.
                        Invoke-Simulation completeBackup $one
                        Invoke-Simulation prepareBackup $two NODE1
                        while ((Get-CsvBackupState Volume2).State -eq 'NONE') { }
                        Invoke-Simulation killBackup $two
                        Invoke-Simulation advance 1798
                        $done = Get-CsvBackupState Volume2 | Wait-CsvBackupState -TimeoutSeconds 100
                        $done.Volume, $done.State -join ' '
                        """)).isEqualToIgnoringNewLines("""
                        NONE
                        CsvBackupState.WaitTimedOut,Wait-CsvBackupState
                        After 1 s the backup state is still set: C:\\ClusterStorage\\Volume1 (VERDICT). Use Test-CsvBackupState to check whether a backup is running.
                        C:\\ClusterStorage\\Volume2 NONE
                        """);
    }

    @Test
    void waitingCanBeEndedAtAnyMoment() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE1
                        while ((Get-CsvBackupState Volume1).State -eq 'NONE') { }
                        # The verdict and its estimate depend on which nodes the polls have asked so far.
                        Stop-AtFirstProgress "Wait-CsvBackupState -VolumeName Volume1 -Uri '$Url' -WarningAction SilentlyContinue" |
                            ForEach-Object { $_ -replace '\\([A-Z]+(, clearable from about 00:00)?\\)', '(VERDICT)' }
                        """)).isEqualToIgnoringNewLines("""
                        Stopped
                        Completed
                        Waiting until no backup state is set
                        C:\\ClusterStorage\\Volume1 (VERDICT). Ends at 00:00:00 at the latest.
                        """);
    }

    @Test
    void aNameWithBracketsIsMeantAsItIsTyped() throws Exception {
        assertThat(pwsh.run("""
                        & (Get-Module -Name CsvBackupState) {
                            $name = 'C:\\ClusterStorage\\SQL [1]'
                            (Test-VolumeName -Volume $name -Name $name), (Test-VolumeName -Volume $name -Name 'SQL [1]'), (Test-VolumeName -Volume 'C:\\ClusterStorage\\SQL 1' -Name 'SQL [1]'), (Test-VolumeName -Volume $name -Name 'SQL [2]') -join ' '
                        }
                        """)).isEqualTo("True True True False");
    }

    @Test
    void showsTheAgentAndThatItsClusterIsSimulated() throws Exception {
        assertThat(pwsh.run("""
                        $WarningPreference = 'Continue'
                        $agent = Get-CsvBackupAgent 3>&1
                        $agent[0].Message -like '*watches a SIMULATED cluster. Its volumes are not real.'
                        $agent[1].Node, $agent[1].Cluster, $agent[1].Backend, $agent[1].Support, $agent[1].Volumes -join ' '
                        $agent[1].LastPoll.GetType().Name, $agent[1].Started.Kind, ($agent[1].PollTotal -gt 0) -join ' '
                        """)).isEqualToIgnoringNewLines("""
                        True
                        NODE1 SIMULATED SIMULATED SIMULATED 3
                        DateTime Local True
                        """);
    }

    @Test
    void tellsOfIoStatesAndShadowCopies() throws Exception {
        assertThat(pwsh.run("""
                        while (@(Get-CsvIoState).Count -ne 9) { Start-Sleep -Milliseconds 100 }
                        $io = Get-CsvIoState Volume1
                        $io.Count, $io[0].Node, ($io[0].State -in 'DIRECT', 'FILE_SYSTEM_REDIRECTED'), $io[0].Reasons.Count -join ' '
                        Invoke-Simulation addShadowCopy $two NODE2 $true
                        Start-Sleep -Milliseconds 20
                        Invoke-Simulation addShadowCopy $two NODE1 $true
                        $copies = Get-CsvShadowCopy Volume2
                        $copies.Count, $copies[0].Machine, $copies[1].Machine, $copies[0].Persistent, $copies[0].Age.GetType().Name -join ' '
                        $copies[0].DeleteCommand -eq ('vssadmin delete shadows "/shadow={0}"' -f $copies[0].Id)
                        @(Get-CsvBackupState Volume1 | Get-CsvShadowCopy 6>$null).Count
                        """)).isEqualToIgnoringNewLines("""
                        3 NODE1 True 0
                        2 NODE2 NODE1 True TimeSpan
                        True
                        0
                        """);
    }

    @Test
    void whatGetClusterSharedVolumeGivesCanBePiped() throws Exception {
        assertThat(pwsh.run("""
                        $disk = [pscustomobject] @{
                            Name = 'Cluster Disk 1'; State = 'Online'
                            SharedVolumeInfo = @(
                                [pscustomobject] @{ FriendlyVolumeName = $one; BackupState = 0 }
                                [pscustomobject] @{ FriendlyVolumeName = $three; BackupState = 0 }
                            )
                        }
                        ($disk | Get-CsvBackupState).Volume -join ' '
                        ($disk.SharedVolumeInfo[1] | Get-CsvBackupState).Volume
                        ($disk | Test-CsvBackupState).Verdict -join ' '
                        ('Volume1', 'C:\\ClusterStorage\\Volume2' | Get-CsvBackupState).Volume -join ' '
                        $disk | Export-Clixml -Path disk.xml
                        (Import-Clixml -Path disk.xml | Get-CsvIoState).Count
                        (Get-CsvBackupState | Clear-CsvBackupState -Confirm:$false).Outcome -join ' '
                        Get-Date | Get-CsvBackupState -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        "$($failed[0])"
                        """.replace("disk.xml", folder.resolve("disk.xml").toString())))
                .isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1 C:\\ClusterStorage\\Volume3
                        C:\\ClusterStorage\\Volume3
                        IDLE IDLE
                        C:\\ClusterStorage\\Volume1 C:\\ClusterStorage\\Volume2
                        6
                        NOTHING_TO_CLEAR NOTHING_TO_CLEAR NOTHING_TO_CLEAR
                        CsvBackupState.NotAVolume,Get-CsvBackupState
                        An object of type DateTime is not a volume. Pipe the output of Get-ClusterSharedVolume or Get-CsvBackupState, or names.
                        """);
    }

    @Test
    void objectsSurviveRemoting() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation startBackup $one NODE1
                        $assessment = Test-CsvBackupState $one
                        @(Get-CsvBackupState $one; $assessment) | Export-Clixml -Depth 1 -Path there.xml
                        $back = Import-Clixml -Path there.xml
                        $back[0].PSObject.TypeNames[0], $back[0].Since.GetType().Name, $back[0].Age.GetType().Name, "$($back[0])" -join ' '
                        $back[1].Checks.Count -eq $assessment.Checks.Count
                        ($back[1].Checks | Where-Object Result -eq BACKUP).Name
                        ($back[0] | Out-String -Width 150) -match 'Volume +Verdict +State +Age +Stale +Since +OwnerNode +Node'
                        ($back[1] | Out-String -Width 150) -match 'BACKUP +shadow-copies NODE1: a running backup has a shadow copy'
                        ($back[0] | Test-CsvBackupState).Verdict
                        $agent = Get-CsvBackupAgent
                        $agent.UnfinishedClears = @('first', 'second')
                        $state = @(Get-CsvIoState)[0]
                        $state.Reasons = @('first', 'second')
                        $agent, $state | Export-Clixml -Depth 1 -Path there.xml
                        $back = Import-Clixml -Path there.xml
                        $back[0].UnfinishedClears.Count, $back[1].Reasons.Count -join ' '
                        "$($back[1])" -eq "$state" -and "$state" -like '*Volume1 on NODE1: *'
                        """.replace("there.xml", folder.resolve("there.xml").toString())))
                .isEqualToIgnoringNewLines("""
                        Deserialized.CsvBackupState.Volume DateTime TimeSpan C:\\ClusterStorage\\Volume1
                        True
                        shadow-copies NODE1
                        True
                        True
                        ACTIVE
                        2 2
                        True
                        """);
    }

    @Test
    void aThousandVolumesAreShown() throws Exception {
        try (PackagedAgent large = PackagedAgent.withShortTimes(folder.resolve("large"), "--simulated-volumes=1000")) {
            assertThat(pwsh.run("""
                            $PSDefaultParameterValues['*-Csv*:Connection'] = New-CsvBackupConnection -Uri 'LARGE'
                            $volumes = Get-CsvBackupState
                            $volumes.Count, $volumes[999].Volume -join ' '
                            @(Get-CsvBackupState -VolumeName '*Volume99?').Count
                            $watch = [Diagnostics.Stopwatch]::StartNew()
                            Get-Health 'LARGE'
                            $all = $watch.Elapsed.TotalSeconds
                            Get-Health 'LARGE' @{ VolumeName = 'Volume7', '*Volume99?' }
                            # Each name must not cost a search through the whole list for each volume.
                            $named = $watch.Elapsed.TotalSeconds - $all
                            if ($named -gt 3 * $all + 3) { "$all s, but $named s with names" }
                            """.replace("LARGE", large.url().toString()))).isEqualToIgnoringNewLines("""
                            1000 C:\\ClusterStorage\\Volume1000
                            10
                            0 CSV OK - 1000 volumes, none stale | volumes=1000 in_progress=0 stale=0;0 oldest_age=0s;;7200
                            0 CSV OK - 11 volumes, none stale | volumes=11 in_progress=0 stale=0;0 oldest_age=0s;;7200
                            """);
        }
    }

    @Test
    void aReaderWithManyVolumesGoesAtTheAgentsPace() throws Exception {
        assertThat(pwsh.run("""
                        $PSDefaultParameterValues['*-Csv*:Connection'] = $anonymous
                        (1..9 | ForEach-Object { 'Volume1' } | Test-CsvBackupState).Verdict -join ' '
                        """)).isEqualTo("IDLE IDLE IDLE IDLE IDLE IDLE IDLE IDLE IDLE");
    }

    @Test
    void namesBeyondAsciiArriveAsTheyAreTyped() throws Exception {
        assertThat(pwsh.run("""
                        $name = 'C:\\ClusterStorage\\D' + [char] 0xe4 + 'ten ' + [char] 0x4e16 + [char]::ConvertFromUtf32(0x1f4be)
                        Test-CsvBackupState $name -ErrorAction SilentlyContinue -ErrorVariable failed
                        "$($failed[0])".Contains($name)
                        $failed[0].FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        True
                        CsvBackupState.Rejected,Test-CsvBackupState
                        """);
    }

    @Test
    void aGuidNameIsAVolumeAndNoWildcard() throws Exception {
        assertThat(pwsh.run("""
                        $guid = (Get-CsvBackupState Volume2).VolumeGuid
                        (Get-CsvBackupState $guid).Volume
                        (Test-CsvBackupState $guid).Volume
                        (Clear-CsvBackupState $guid -Confirm:$false).Volume
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume2
                        C:\\ClusterStorage\\Volume2
                        C:\\ClusterStorage\\Volume2
                        """);
    }

    @Test
    void aNameAsItIsTypedMeansNoNeighbourAndAnOpenBracketIsNoPattern() throws Exception {
        assertThat(pwsh.run("""
                        & (Get-Module -Name CsvBackupState) {
                            $volumes = 'S [1]', 'S 1' | ForEach-Object { [pscustomobject] @{ Volume = "C:\\ClusterStorage\\$_" } }
                            (Select-VolumeName -Volume $volumes -Name 'S [1]' -Cmdlet $null).Volume
                            (Select-VolumeName -Volume $volumes -Name 'S [[]1]' -Cmdlet $null).Volume
                            @(Select-VolumeName -Volume $volumes -Name 'S*' -Cmdlet $null).Count
                        }
                        Get-CsvBackupState 'C:\\ClusterStorage\\a[b' -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed.FullyQualifiedErrorId
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\S [1]
                        C:\\ClusterStorage\\S [1]
                        2
                        CsvBackupState.VolumeNotFound,Get-CsvBackupState
                        """);
    }

    @Test
    void aPathOnNoVolumeHasItsResultAndItsCode() throws Exception {
        assertThat(pwsh.run("""
                        $before = Get-ClearCall
                        $result = Clear-CsvBackupState 'E:\\Elsewhere' -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failed
                        $result.Outcome, $result.Win32Code, $failed.FullyQualifiedErrorId, $failed[0].Exception.NativeErrorCode -join ' '
                        (Get-CsvBackupAudit -Last 1).Outcome
                        $preview = Clear-CsvBackupState 'E:\\Elsewhere' -WhatIf
                        $preview.NextStep -like '*is not on a Cluster Shared Volume*'
                        (Get-ClearCall) - $before
                        """))
                .contains("FAILED 87 CsvBackupState.Failed.87,Clear-CsvBackupState 87\nFAILED\n")
                .endsWith("True\n0");
    }

    @Test
    void aStateThatCannotBeReadIsNotTakenForNone() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation failNextCalls ClusterOpenEnum 5 100000
                        while (-not (Get-CsvBackupAgent).LastPollError) { }
                        (Get-CsvBackupState Volume2).State
                        Wait-CsvBackupState Volume2 -TimeoutSeconds 1 -ErrorAction SilentlyContinue -ErrorVariable failed
                        $failed[0].FullyQualifiedErrorId
                        "$($failed[0])" -like '*is still set or cannot be read: C:\\ClusterStorage\\Volume2. ClusterOpenEnum failed*'
                        Invoke-Simulation failNextCalls ClusterOpenEnum 5 1
                        while ((Get-CsvBackupAgent).LastPollError) { }
                        """)).isEqualToIgnoringNewLines("""
                        NONE
                        CsvBackupState.WaitTimedOut,Wait-CsvBackupState
                        True
                        """);
    }
}
