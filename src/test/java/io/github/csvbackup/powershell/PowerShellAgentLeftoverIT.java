package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Get-CsvBackupLeftover with the packaged agent: the module and the agent have the same names for everything. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellAgentLeftoverIT {
    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;

    /**
     * A machine with an old checkpoint of 4096 bytes. While it is backed up nothing is left over, so its disks are counted when they have grown: the next
     * count is an hour later.
     */
    @BeforeAll
    static void aMachineHasAnOldCheckpoint() throws Exception {
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"), "--leftover-interval=1s");
        pwsh = PowerShell.with(folder, agent);
        pwsh.run("""
                Invoke-Simulation addMachine NODE1 SQL-7 $one
                Invoke-Simulation backUpMachine SQL-7
                Invoke-Simulation addCheckpoint SQL-7 180000
                Invoke-Simulation growDisks SQL-7 4096
                Invoke-Simulation endMachineBackup SQL-7
                Invoke-Simulation setMerging SQL-7 $false
                do { $all = @(Get-CsvBackupLeftover) } until ($all.Count -eq 2 -and $null -ne $all[0].Bytes)
                """);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @Test
    void eachPropertyComesFromTheAgent() throws Exception {
        assertThat(pwsh.run("""
                        $begun = Get-Date
                        do { $all = @(Get-CsvBackupLeftover Volume1) } until ($all.Count -eq 2 -and $all[0].Asked -gt $begun)
                        $all.Kind -join ' '
                        $checkpoint = $all | Where-Object Kind -EQ CHECKPOINT
                        @($checkpoint.PSObject.Properties | Where-Object { $null -eq $_.Value } | ForEach-Object Name) -join ' '
                        $checkpoint.Volume, $checkpoint.Machine, $checkpoint.Node, $checkpoint.Age.Days -join ' '
                        $checkpoint.Created.Kind, $checkpoint.Asked.Kind, (($begun - $checkpoint.Created).Days) -join ' '
                        $checkpoint.Files, $checkpoint.Bytes, $checkpoint.Complete -join ' '
                        $checkpoint.Command.Contains($checkpoint.Id.Substring('Microsoft:'.Length)), ($checkpoint.Advice -like 'First check *') -join ' '
                        $checkpoint.MachineId.Length, $checkpoint.AgentUri.StartsWith($Url) -join ' '
                        $counts = Invoke-Bean -Bean CsvBackupState -Request @{ type = 'read'; attribute = 'LeftoverCounts' }
                        $counts.checkpoint, $counts.notMerging, $counts.stuckMachine, $counts.shadowCopy -join ' '
                        """)).isEqualToIgnoringNewLines("""
                        CHECKPOINT NOT_MERGING

                        C:\\ClusterStorage\\Volume1 SQL-7 NODE1 2
                        Local Local 2
                        1 4096 True
                        True True
                        36 True
                        1 1 0 0
                        """);
    }

    @Test
    void aQuestionThatFailsIsAWarningWithItsReason() throws Exception {
        assertThat(pwsh.run("""
                        Invoke-Simulation failNextCalls Msvm_VirtualSystemSettingData 5 1000000
                        $ask = { @(Get-CsvBackupLeftover -WarningAction SilentlyContinue -WarningVariable script:told) }
                        do { $all = & $ask } until ($told)
                        "$told"
                        $all.Count
                        Invoke-Simulation failNextCalls Msvm_VirtualSystemSettingData 5 1
                        do { $all = & $ask } until (-not $told)
                        """))
                .matches("(?s)The agent could not ask NODE1 for leftovers: .*ERROR_ACCESS_DENIED.*\n2");
    }

    @Test
    void eachNodeIsAskedByRemotingAndOneThatDoesNotAnswerIsNamed() throws Exception {
        assertThat(pwsh.run(PowerShellConnectionIT.REMOTING.replace(
                                "$global:asked += , $ComputerName",
                                "$global:asked += , $ComputerName; $ArgumentList[0] = $ArgumentList[0] -replace ':8778/', $global:port")
                        + """
                        $global:port = ":$(([uri] $Url).Port)/"
                        $all = @(Get-CsvBackupLeftover -ComputerName NODE1, NODE9, NODE2 -ErrorAction SilentlyContinue -ErrorVariable failed)
                        $all.Count, ($all.AgentComputer -join '+'), ($asked[0] -join '+') -join ' '
                        $failed.Count, $failed[0].FullyQualifiedErrorId, $failed[0].TargetObject -join ' '
                        $all[0].Kind, $all[0].Machine, $all[0].Age.Days -join ' '
                        """))
                .isEqualToIgnoringNewLines("""
                        4 NODE1+NODE1+NODE2+NODE2 NODE1+NODE9+NODE2
                        1 CsvBackupState.Remoting,Get-CsvBackupLeftover NODE9
                        CHECKPOINT SQL-7 2
                        """);
    }
}
