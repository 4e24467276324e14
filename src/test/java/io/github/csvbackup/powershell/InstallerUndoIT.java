package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates that end in the middle, on a node that is played as in InstallerIT: what was there before must go on. */
class InstallerUndoIT extends WithPlayedNode {
    private Map<String, String> before = Map.of();

    @BeforeEach
    void anInstalledAgentAndANewRelease() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        before = program();
        node.release(PlayedNode.anotherJar());
    }

    private Map<String, String> program() throws IOException {
        Map<String, String> files = new TreeMap<>(node.files());
        files.keySet().removeIf(name -> !name.startsWith("Program Files"));
        return files;
    }

    /** A restart begins the observation again. */
    @Test
    void whatTheServiceRefusesDoesNotStopTheOneThatRuns() throws Exception {
        node.has("fail-check", "Unknown option '--pol-interval'.");

        assertThat(node.installBare("").output())
                .endsWith(" failed with exit code 2: Unknown option '--pol-interval'.")
                .hasLineCount(1);

        assertThat(node.calls()).isEmpty();
        assertThat(program()).isEqualTo(before);
        assertThat(Files.readAllLines(node.path("checks")))
                .last()
                .isEqualTo((node.installCommand(" --java-option=-Xrs") + " --check")
                        .replaceFirst("^jdk-17 ", "new/")
                        .replace("NODE", node.path("").toString()));
    }

    /** Windows may forbid a library that Java unpacks. */
    @Test
    void theNewJarIsCheckedWithTheLibraryThatLiesBesideTheInstalledOne() throws Exception {
        Files.writeString(node.path(PlayedNode.JAR).resolveSibling("jnidispatch.dll"), "a library");
        before = program();
        node.has("fail-check", "No.");

        assertThat(node.installBare("").output()).endsWith(" failed with exit code 2: No.");

        assertThat(node.path("beside-the-checked-jar")).content().contains("jnidispatch.dll");
        assertThat(program()).isEqualTo(before);
    }

    /** It is the only one. */
    @Test
    void theJarThatARunThatWasKilledLeftIsNotRemoved() throws Exception {
        Path old = Files.createDirectories(node.path("Program Files/csv-backup-agent/old"));
        Files.move(node.path(PlayedNode.JAR), old.resolve("csv-backup-agent.jar"));
        Files.move(node.path(PlayedNode.MODULES), old.resolve("CsvBackupState"));

        PowerShell.Ended ended = node.run("""
                function Start-Sleep([int] $Milliseconds) { }
                function Move-Item {
                    [CmdletBinding()] param([string] $LiteralPath, [string] $Destination, [switch] $Force)
                    if ($Destination -like '*/old/*') { throw 'It is in use.' }
                    Microsoft.PowerShell.Management\\Move-Item @PSBoundParameters
                }
                & 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -Force
                """);

        assertThat(ended.output()).contains("csv-backup-agent.jar cannot be moved to ");
        assertThat(program()).isEqualTo(before);
    }

    /** The next run would be refused as long as this PowerShell runs. */
    @Test
    void theLockEndsAlsoIfTheModuleStays() throws Exception {
        node.has("fail-check", "No.");
        node.has("fail-uninstall", "No.");
        PowerShell.Ended ended = node.run("""
                function Remove-Module { throw 'The module is in use.' }
                foreach ($script in 'Install', 'Uninstall') {
                    try { & "NODE/release/scripts/$script-CsvBackupAgent.ps1" } catch { Write-Verbose -Message "$_" }
                    "$script $(Test-Path -LiteralPath 'NODE/Program Files/csv-backup-agent.lock')"
                }
                """);

        assertThat(ended.output()).isEqualTo("Install False\nUninstall False");
    }

    /** The new agent works, and an old one that is half deleted could not replace it. */
    @Test
    void anOldFileThatCannotBeRemovedUndoesNothing() throws Exception {
        PowerShell.Ended ended = node.run("""
                function Start-Sleep([int] $Milliseconds) { }
                function Remove-Item {
                    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [switch] $Force)
                    if ($LiteralPath -like '*old' -and (Test-Path -LiteralPath "$LiteralPath/csv-backup-agent.jar")) {
                        if (Test-Path -LiteralPath "$LiteralPath/CsvBackupState") { [IO.Directory]::Delete("$LiteralPath/CsvBackupState", $true) }
                        throw 'csv-backup-agent.jar is in use.'
                    }
                    Microsoft.PowerShell.Management\\Remove-Item @PSBoundParameters
                }
                & 'NODE/release/scripts/Install-CsvBackupAgent.ps1' | Format-Table -AutoSize
                """);

        PlayedNode.assertWorked(ended);
        assertThat(ended.output())
                .contains(
                        "old cannot be removed: csv-backup-agent.jar is in use. The next run of this script removes it.");
        assertThat(node.calls()).last().isEqualTo("jdk-17 csv-backup-agent.jar service start");
        assertThat(Files.readAllBytes(node.path(PlayedNode.JAR))).isEqualTo(PlayedNode.anotherJar());
        PlayedNode.assertWorked(node.installBare(""));
        assertThat(node.path("Program Files/csv-backup-agent")).isDirectoryNotContaining("glob:**/{new,old}");
    }

    /** Stopped while the jar is replaced; no catch sees that. */
    @Test
    void ctrlCUndoesTheSteps() throws Exception {
        PowerShell.Ended ended = node.run("""
                $shell = [powershell]::Create().AddScript({
                    . 'PLAYED' -Node 'NODE' -RealJava $env:REAL_JAVA
                    function Move-Item {
                        [CmdletBinding()] param([string] $LiteralPath, [string] $Destination, [switch] $Force)
                        if (-not (Test-Path -LiteralPath 'NODE/moving')) {
                            [IO.File]::WriteAllText('NODE/moving', '')
                            Start-Sleep -Seconds 600
                        }
                        Microsoft.PowerShell.Management\\Move-Item @PSBoundParameters
                    }
                    & 'NODE/release/scripts/Install-CsvBackupAgent.ps1'
                }.ToString())
                $running = $shell.BeginInvoke()
                while (-not $running.IsCompleted -and -not (Test-Path -LiteralPath 'NODE/moving')) { Start-Sleep -Milliseconds 50 }
                $shell.Stop()
                "$($shell.InvocationStateInfo.State)"
                $shell.Streams.Warning
                """.replace("PLAYED", PlayedNode.SCRIPT.toString()));

        assertThat(ended.output()).isEqualTo("Stopped");
        assertThat(node.calls())
                .containsExactly(
                        "jdk-17 csv-backup-agent.jar service stop", "jdk-17 csv-backup-agent.jar service start");
        assertThat(program()).isEqualTo(before);
    }

    /** It would remove what the other one needs to undo its steps. */
    @Test
    void aSecondRunWaitsForTheEndOfTheFirst() throws Exception {
        String refused = "Another installation or removal of the agent may be running: ";
        String help = " Wait until it has ended, and try again.";

        for (String script : new String[] {"Install", "Uninstall"}) {
            PowerShell.Ended ended = node.run("""
                    $first = [IO.File]::Open('NODE/Program Files/csv-backup-agent.lock', 'OpenOrCreate', 'ReadWrite', 'None')
                    & 'NODE/release/scripts/SCRIPT-CsvBackupAgent.ps1'
                    """.replace("SCRIPT", script));

            assertThat(ended.output()).contains(refused).endsWith(help).hasLineCount(1);
            assertThat(node.calls()).isEmpty();
        }
        // A later run does not find a lock.
        PlayedNode.assertWorked(node.installBare(""));
        assertThat(node.path("Program Files/csv-backup-agent.lock")).doesNotExist();
    }

    /** Also where a warning is an error: the former agent does not start either. */
    @Test
    void theNewCopyOfJavaIsRemoved() throws Exception {
        node.has("fail-start", "The service did not start: access is denied.");

        assertThat(node.installBare("-CopyJava -WarningAction Stop").output())
                .contains("WARNING: Not undone: 'stop the service' on CsvBackupAgent.", "access is denied.");

        assertThat(node.calls()).contains("change PathName");
        assertThat(program()).isEqualTo(before);
    }
}
