package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Updates and removals of an installed agent, on a node that is played as in InstallerIT. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class InstallerUpdateIT {
    @TempDir
    Path folder;

    private PlayedNode node;

    @BeforeEach
    void aNode() throws IOException {
        node = PlayedNode.in(folder.resolve("node"));
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    /** The same agent with other bytes: a comment of one character, whose length is at the end of a zip without one. */
    private static byte[] anotherJar() throws IOException {
        byte[] jar = Files.readAllBytes(PackagedJar.path());
        byte[] other = Arrays.copyOf(jar, jar.length + 1);
        other[jar.length - 2] = 1;
        other[jar.length] = 'x';
        return other;
    }

    private void setState() throws Exception {
        PowerShell.Ended ended = node.run("""
                $headers = @{ Authorization = 'Bearer ' + [IO.File]::ReadAllText('NODE/ProgramData/csv-backup-agent/operator.token').Trim() }
                foreach ($call in @(@('SimulatedCluster', 'startBackup', @('C:\\ClusterStorage\\Volume1', ('N' + 'ODE1'))), @('CsvBackupState', 'refresh', @()))) {
                    $body = ConvertTo-Json -Compress -InputObject @{ type = 'exec'; mbean = "io.github.csvbackup:type=$($call[0])"; operation = $call[1]; arguments = $call[2] }
                    (Invoke-RestMethod -Uri 'http://127.0.0.1:PORT/jolokia/' -Method Post -ContentType 'application/json' -Headers $headers -Body $body).status
                }
                """.replace("PORT", Integer.toString(node.port())));
        assertThat(ended.output()).isEqualToIgnoringNewLines("200\n200");
    }

    @Test
    void anUpdateKeepsTheOptionsOfTheServiceAndReplacesJarAndModule() throws Exception {
        PlayedNode.assertWorked(node.install("-JavaOption '-Xmx256m'"));
        node.calls();
        node.release(anotherJar());
        Files.writeString(node.path(PlayedNode.MODULES + "/left-by-an-old-version.ps1"), "");

        PlayedNode.assertWorked(node.installBare(""));

        assertThat(node.calls())
                .containsExactly(
                        "jdk-17 csv-backup-agent.jar service stop",
                        node.installCommand(" --java-option=-Xmx256m"),
                        "jdk-17 csv-backup-agent.jar service start");
        assertThat(Files.readAllBytes(node.path(PlayedNode.JAR))).isEqualTo(anotherJar());
        assertThat(node.path(PlayedNode.MODULES + "/left-by-an-old-version.ps1"))
                .doesNotExist();
    }

    @Test
    void otherOptionsReplaceThoseOfTheService() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();

        PlayedNode.assertWorked(node.install("-AgentOption 'PORT', '--poll-interval=300ms'"));

        assertThat(node.calls())
                .contains("jdk-17 csv-backup-agent.jar service install --java=NODE/jdk-17 --java-option=-Xrs --port="
                        + node.port() + " --poll-interval=300ms");
    }

    @Test
    void anUpdateAndARemovalAreRefusedWhileAStateIsSetUnlessForced() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.release(anotherJar());
        setState();

        assertThat(node.installBare("").output())
                .isEqualTo(
                        "ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: The agent should not be stopped now:"
                                + " backup-states: set on C:\\ClusterStorage\\Volume1. A restart begins the observation again. Wait, or use -Force.");
        assertThat(node.uninstall("").output())
                .startsWith(
                        "ERROR CsvBackupAgent.Uninstall,Uninstall-CsvBackupAgent.ps1: The agent should not be stopped now:");
        assertThat(node.calls()).isEmpty();

        PlayedNode.assertWorked(node.installBare("-Force"));
        assertThat(node.calls()).contains("jdk-17 csv-backup-agent.jar service stop");
    }

    @Test
    void anAgentThatDoesNotAnswerIsStoppedOnlyIfForced() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.release(anotherJar());
        Files.writeString(node.path("ProgramData/csv-backup-agent/operator.token"), "wrong");

        assertThat(node.installBare("").output())
                .contains("The running agent does not answer, so it is unknown whether a backup state is set: ")
                .endsWith("Use -Force to stop it anyway.")
                .hasLineCount(1);
        assertThat(node.calls()).isEmpty();
    }

    @Test
    void anUpdateThatFailsLeavesTheOldAgentRunning() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        String before = Files.readString(node.path("service"));
        node.calls();
        node.release(anotherJar());
        // The new jar has other options that its agent refuses, so the service ends at once.
        PowerShell.Ended ended = node.install("-AgentOption 'PORT', 'poll-interval=1000h' -TimeoutSeconds 60");

        assertThat(ended.output())
                .startsWith(
                        "ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: The service stopped again. 'service status' says: The last start failed: ")
                .contains("poll-interval", " Its log, if it has begun one: NODE/ProgramData/csv-backup-agent/logs.")
                .hasLineCount(1);
        assertThat(node.calls())
                .containsSubsequence(
                        "jdk-17 csv-backup-agent.jar service stop",
                        "change PathName",
                        "jdk-17 csv-backup-agent.jar service start");
        assertThat(Files.readString(node.path("service")).strip()).isEqualTo(before.strip());
        assertThat(Files.mismatch(node.path(PlayedNode.JAR), PackagedJar.path()))
                .isEqualTo(-1);
        assertThat(node.path(PlayedNode.MODULES + "/0.1.0/CsvBackupState.psd1")).exists();
        node.release(Files.readAllBytes(PackagedJar.path()));
        PlayedNode.assertWorked(node.installBare(""));
        assertThat(node.calls()).as("it is as before").isEmpty();
    }

    @Test
    void whatARunThatWasKilledLeftIsPutBackFirst() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        Path old = Files.createDirectories(node.path("Program Files/csv-backup-agent/old"));
        Files.move(node.path(PlayedNode.JAR), old.resolve("csv-backup-agent.jar"));
        Files.move(node.path(PlayedNode.MODULES), old.resolve("CsvBackupState"));
        node.has("fail-install", "No.");

        assertThat(node.installBare("-Force").output()).contains("failed with exit code 1: No.");

        assertThat(Files.mismatch(node.path(PlayedNode.JAR), PackagedJar.path()))
                .isEqualTo(-1);
        assertThat(node.path(PlayedNode.MODULES + "/0.1.0/CsvBackupState.psd1")).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void aNewerAgentIsReplacedOnlyIfForced() throws Exception {
        Files.createDirectories(node.path(PlayedNode.JAR).getParent());
        Files.writeString(node.path(PlayedNode.JAR), "csv-backup-agent 9.10.1\n");

        assertThat(node.install("").output())
                .endsWith("Version 9.10.1 is installed, which is newer than 0.1.0. Use -Force to go back to 0.1.0.")
                .hasLineCount(1);
        assertThat(node.calls()).isEmpty();

        PlayedNode.assertWorked(node.install("-Force"));
    }

    @Test
    void uninstallKeepsTheAuditUnlessToldOtherwise() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        Path state = node.path("ProgramData/csv-backup-agent");
        Files.writeString(node.path("Program Files/csv-backup-agent/users"), "ours");

        PowerShell.Ended shown = node.uninstall("-WhatIf");
        assertThat(shown.output())
                .contains("What if: ", "stop and remove the service")
                .doesNotContain("ERROR");
        assertThat(node.calls()).isEmpty();

        assertThat(node.uninstall("").output())
                .isEqualTo("WARNING: NODE/Program Files/csv-backup-agent was kept, because it contains users.");
        assertThat(node.calls()).containsExactly("jdk-17 csv-backup-agent.jar service uninstall");
        assertThat(node.path(PlayedNode.JAR)).doesNotExist();
        assertThat(node.path(PlayedNode.MODULES)).doesNotExist();
        assertThat(state.resolve("audit.jsonl")).isNotEmptyFile();

        Files.writeString(state.resolve("not of the agent"), "");
        assertThat(node.uninstall("-RemoveData").output())
                .contains("csv-backup-agent was kept, because it contains not of the agent.");
        assertThat(state).isDirectoryNotContaining("glob:**/{audit*,state.jsonl,operator.token,native}");
        Files.delete(state.resolve("not of the agent"));
        node.uninstall("-RemoveData");
        assertThat(state).doesNotExist();
    }

    @Test
    void uninstallRemovesTheCopyOfJavaThatRanItsCommandAndShowsWhatStays() throws Exception {
        PlayedNode.assertWorked(node.install("-CopyJava -Account 'EXAMPLE\\csvbackup$'"));
        node.calls();
        Path program = node.path(PlayedNode.JAR).getParent();
        assertThat(program.resolve("java-17/copied-by-csv-backup-agent.txt")).exists();
        write(program, "java-11/bin/java.exe");

        assertThat(node.uninstall("").output())
                .isEqualTo(
                        "WARNING: The account EXAMPLE\\csvbackup$ keeps the right to log on as a service; other services"
                                + " may need it.\nWARNING: NODE/Program Files/csv-backup-agent was kept, because it contains java-11.");

        assertThat(node.calls()).containsExactly("java-17 csv-backup-agent.jar service uninstall");
        assertThat(program.resolve("java-17")).doesNotExist();
        assertThat(program.resolve("java-11/bin/java.exe")).exists();
    }

    @Test
    void aCopyOfJavaThatIsInUseStaysWholeAndTheNextRunRemovesIt() throws Exception {
        Path program = node.path(PlayedNode.JAR).getParent();
        write(program, "java-17/bin/java.exe", "java-17/bin/a.dll", "java-17/copied-by-csv-backup-agent.txt");

        PowerShell.Ended ended = node.run("""
                function Start-Sleep([int] $Milliseconds) { }
                function Remove-Item {
                    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [switch] $Force)
                    if ($LiteralPath -like '*java*') { throw "$(Split-Path -Leaf -Path $LiteralPath) is in use." }
                    Microsoft.PowerShell.Management\\Remove-Item @PSBoundParameters
                }
                & 'NODE/release/scripts/Uninstall-CsvBackupAgent.ps1'
                """);

        String copy = "NODE/Program Files/csv-backup-agent/java-17";
        assertThat(ended.output())
                .isEqualTo("WARNING: The copy of Java in " + copy + " stays: " + copy
                        + "/bin/java.exe cannot be removed: java.exe is in use.\n"
                        + "WARNING: NODE/Program Files/csv-backup-agent was kept, because it contains java-17.");
        assertThat(program.resolve("java-17/bin/a.dll")).exists();
        assertThat(node.uninstall("").output()).isEmpty();
        assertThat(program).doesNotExist();
    }

    private static void write(Path folder, String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
    }

    @Test
    void removedDataIsWhatTheAgentWritesAndNothingElse() throws Exception {
        Path state = node.path("ProgramData/csv-backup-agent");
        String uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        write(
                state,
                "operator.token",
                ".operator.token." + uuid,
                "." + uuid + ".probe",
                "agent.lock",
                "log.lock",
                "audit.jsonl",
                "audit-000000000004.jsonl",
                "audit-000000000004-mismatch.jsonl",
                "audit-000000000004-mismatch-2.jsonl",
                "audit.head",
                "state.jsonl",
                "state.jsonl.new",
                "state.jsonl.damaged-20250102-030405",
                "agent.log",
                "agent.1.log",
                "jvm-crash.log",
                "service-failure.txt",
                "native/csv-backup-1-jnidispatch.dll",
                "logs/agent.log");
        String[] foreign = {
            "agent.lock.txt",
            "agent.log.zip",
            "audit-000000000004-mismatch-.jsonl",
            "audit-copy.jsonl",
            "audit.head.bak",
            "audit.jsonl.gz",
            "jvm-crash.log.1",
            "logs-archive/agent.log",
            "my-state.jsonl",
            "native",
            "native-x/a.dll",
            "operator.token.old",
            "state.jsonl.damaged-by-me"
        };
        Path second = node.path("second");
        write(second, foreign);

        PowerShell.Ended removed = node.uninstall("-RemoveData");
        assertThat(removed.errors() + removed.output()).isEmpty();
        assertThat(state).doesNotExist();
        Files.move(second, state);
        PowerShell.Ended ended = node.uninstall("-RemoveData");
        assertThat(ended.output())
                .startsWith("WARNING: NODE/ProgramData/csv-backup-agent was kept, because it contains ");
        for (String name : foreign) {
            assertThat(state.resolve(name)).exists();
        }
    }
}
