package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.http.TestUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The installer of a node: the agent and its answers are real, Windows and its service manager are played. */
class InstallerIT extends WithPlayedNode {
    @Test
    void installsStartsWaitsForTheFirstPollAndShowsTheSelfTestAndASecondRunChangesNothing() throws Exception {
        PowerShell.Ended first = node.install("-CopyJava -Account 'EXAMPLE\\csvbackup$' -JavaOption '-Xmx256m'");

        PlayedNode.assertWorked(first);
        assertThat(first.output()).containsPattern("OK +services on NODE3 +VSS STOPPED, swprv STOPPED");
        assertThat(node.calls())
                .containsExactly(
                        node.installCommand(" --copy-java --account=EXAMPLE\\csvbackup$ --java-option=-Xmx256m"),
                        "jdk-17 csv-backup-agent.jar service start");
        assertThat(Files.mismatch(node.path(PlayedNode.JAR), PackagedJar.path()))
                .isEqualTo(-1);
        assertThat(node.path(PlayedNode.MODULES + "/0.1.0/Public/Get-CsvBackupState.ps1"))
                .exists();
        assertThat(node.path("Program Files/csv-backup-agent")).isDirectoryNotContaining("glob:**/{new,old}");

        PlayedNode.assertWorked(node.installBare(""));
        assertThat(node.calls()).as("of the second run").isEmpty();
    }

    @Test
    void whatIfNamesEachStepAndDoesNothing() throws Exception {
        Map<String, String> before = node.files();

        PowerShell.Ended ended = node.install("-WhatIf");

        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output().lines().map(PlayedNode::step))
                .containsExactly(
                        "copy version 0.1.0",
                        "replace the jar",
                        "replace the module",
                        "install the service: java -jar csv-backup-agent.jar service install --java=NODE/jdk-17 --port="
                                + node.port() + " --poll-interval=200ms",
                        "start the service",
                        "wait for the first poll",
                        "run the self test");
        assertThat(node.files()).isEqualTo(before);
    }

    /** An answer for each step that -WhatIf names, and none for what a step consists of. */
    @Test
    void confirmAsksOnceForEachStep() throws Exception {
        String install =
                "& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -JavaHome 'NODE/jdk-17' -AgentOption 'port="
                        + node.port() + "', 'poll-interval=200ms' -Confirm | Format-Table -AutoSize";

        PowerShell.Ended declined = node.run(install, "y\ny\nn\n");
        assertThat(declined.output()).contains("ERROR ", "The step 'replace the module' was declined.");
        assertThat(declined.output().split("Are you sure", -1)).hasSize(3 + 1);
        assertThat(node.calls()).isEmpty();
        assertNothingIsLeft();

        PowerShell.Ended confirmed = node.run(install, "y\n".repeat(7));
        PlayedNode.assertWorked(confirmed);
        assertThat(confirmed.output().split("Are you sure", -1)).hasSize(7 + 1);
        assertThat(node.path("Program Files/csv-backup-agent")).isDirectoryNotContaining("glob:**/{new,old}");
    }

    private void assertNothingIsLeft() {
        assertThat(node.path("service")).doesNotExist();
        assertThat(node.path(PlayedNode.JAR)).doesNotExist();
        assertThat(node.path(PlayedNode.MODULES)).doesNotExist();
        assertThat(node.path("Program Files/csv-backup-agent")).doesNotExist();
    }

    @Test
    void aFirstInstallationThatFailsLeavesNothing() throws Exception {
        String failed =
                "ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: 'java -jar csv-backup-agent.jar service ";
        node.has("fail-start", "The service did not start: the port is in use.");

        assertThat(node.install("").output())
                .isEqualTo(failed + "start' failed with exit code 1: The service did not start: the port is in use.");

        assertThat(node.calls()).last().isEqualTo("jdk-17 csv-backup-agent.jar service uninstall");
        assertNothingIsLeft();
        String rights = "The state directory C:\\state can be written to by others.";
        node.has("fail-install", rights);

        assertThat(node.install("").output())
                .startsWith(failed + "install ")
                .endsWith(" failed with exit code 1: " + rights)
                .hasLineCount(1);

        assertThat(node.calls()).containsExactly(node.installCommand(""));
        assertNothingIsLeft();
    }

    /** Such as that of a scheduled task: it does not have the port, but the state directory. */
    @Test
    void anOlderAgentThatWasStartedInAnotherWayIsNamed() throws Exception {
        try (PackagedAgent older = PackagedAgent.start(node.path("older"), List.of(), List.of())) {
            assertThat(node.install("-AgentOption 'PORT', 'state-dir=" + older.state() + "'")
                            .output())
                    .startsWith(
                            "ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: The service stopped again. 'service"
                                    + " status' says: The last start failed: ")
                    .contains("process id " + older.pid())
                    .hasLineCount(1);
        }
        assertThat(node.calls()).last().isEqualTo("jdk-17 csv-backup-agent.jar service uninstall");
        assertNothingIsLeft();
    }

    @Test
    void aFailureOfTheCommandAfterThePipeUndoesNothing() throws Exception {
        PowerShell.Ended ended = node.run(
                "& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -JavaHome 'NODE/jdk-17' -AgentOption 'port="
                        + node.port() + "', 'poll-interval=200ms' | ForEach-Object { throw 'a mistake' }");

        assertThat(ended.output()).contains("a mistake");
        assertThat(node.calls()).containsExactly(node.installCommand(""), "jdk-17 csv-backup-agent.jar service start");
    }

    /** The installer cannot ask it, but what it installed stays. */
    @Test
    void anAgentThatDoesNotListenForItsOwnMachineStaysInstalled() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        String options = "-AgentOption 'PORT', 'host=off', 'remote-host=127.0.0.1', 'remote-port=" + node.port()
                + "', 'tls-keystore=" + keystore + "', 'tls-password-file=" + password + "', 'users="
                + TestUsers.file(folder) + "'";

        PowerShell.Ended ended = node.install(options + " -TimeoutSeconds 5");

        assertThat(ended.output())
                .contains(
                        "WARNING: The service runs, but this script could not ask it: The agent does not listen for this machine (host=off).")
                .doesNotContain("ERROR");
        assertThat(node.calls()).last().isEqualTo("jdk-17 csv-backup-agent.jar service start");
        assertThat(node.path(PlayedNode.JAR)).exists();
        assertThat(node.path("Program Files/csv-backup-agent/new")).doesNotExist();
    }

    private static String commands(String name) throws IOException {
        return Documents.commands(name, InstallerIT.class);
    }

    private String withThisPort(String commands) {
        String changed = commands.replace(
                "-CopyJava",
                "-CopyJava -JavaHome 'NODE/jdk-17' -AgentOption 'port=" + node.port() + "', 'poll-interval=200ms'");
        assertThat(changed).isNotEqualTo(commands);
        return changed;
    }

    @Test
    void theInstallationOfANodeAsDocumented() throws Exception {
        PowerShell.Ended ended =
                node.run("""
                $env:JAVA_HOME = 'NODE/jdk-17'
                Set-Location -LiteralPath 'NODE/release'
                . {
                COMMANDS
                } | Format-Table -AutoSize
                """.replace("COMMANDS", withThisPort(commands("the installation of a node"))));

        PlayedNode.assertWorked(ended);
        assertThat(ended.output()).contains("What if: ");
        assertThat(node.calls())
                .containsExactly(node.installCommand(" --copy-java"), "jdk-17 csv-backup-agent.jar service start");
    }

    /** Remoting is played: a session is a folder on this machine. */
    @Test
    void theInstallationOfAllNodesAsDocumented() throws Exception {
        PowerShell.Ended ended = node.run("""
                $env:TEMP = 'NODE/temp'
                Set-Location -LiteralPath 'NODE/release'
                function Get-ClusterNode { [pscustomobject] @{ Name = 'ONE' }, [pscustomobject] @{ Name = 'TWO' } }
                function New-PSSession([string] $ComputerName) { "session of $ComputerName" }
                function Remove-PSSession([string] $Session) { [IO.File]::AppendAllText('NODE/calls', "closed $Session`n") }
                function Invoke-Command([string] $Session, [object[]] $ArgumentList, [scriptblock] $ScriptBlock) {
                    if ($Session -notlike 'session of *') { throw "unexpected: $Session" }
                    & $ScriptBlock @ArgumentList | ForEach-Object { if ($_ -is [string]) { $_ } else { $_ | Add-Member -NotePropertyName PSComputerName -NotePropertyValue $Session.Substring(11) -PassThru } }
                }
                function Copy-Item {
                    [CmdletBinding()] param([string] $Path, [string] $LiteralPath, [string] $Destination, [string] $ToSession, [switch] $Recurse)
                    if ($PSBoundParameters.Remove('ToSession') -and (Test-Path -LiteralPath $Destination)) { throw "$Destination would become its parent" }
                    Microsoft.PowerShell.Management\\Copy-Item @PSBoundParameters
                }
                """ + withThisPort(commands("the installation of all nodes")));

        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output()).containsPattern("ONE +OK +last-poll").containsPattern("TWO +OK +last-poll");
        assertThat(node.calls())
                .containsExactly(
                        node.installCommand(" --copy-java"),
                        "jdk-17 csv-backup-agent.jar service start",
                        "closed session of ONE",
                        // The same node again: nothing is stopped.
                        "closed session of TWO");
        assertThat(node.path("temp")).isEmptyDirectory();
    }
}
