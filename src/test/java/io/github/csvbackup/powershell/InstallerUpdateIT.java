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

/** Updates of an installed agent, on a node that is played as in InstallerIT. */
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
}
