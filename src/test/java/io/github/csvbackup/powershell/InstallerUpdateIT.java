package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates of an installed agent, on a node that is played as in InstallerIT. */
class InstallerUpdateIT extends WithPlayedNode {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    /** Calls an operation of the agent or of its simulated cluster, as the operator. */
    private String exec(String bean, String operation, String... arguments) throws Exception {
        JSONObject request = new JSONObject(Map.of(
                "type",
                "exec",
                "mbean",
                "io.github.csvbackup:type=" + bean,
                "operation",
                operation,
                "arguments",
                List.of(arguments)));
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/jolokia/"))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(node.path("ProgramData/csv-backup-agent/operator.token"))
                                        .strip())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toJSONString()))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(post, HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(answer).contains("\"status\":200");
        return answer;
    }

    @Test
    void anUpdateKeepsTheOptionsOfTheServiceAndReplacesJarAndModule() throws Exception {
        PlayedNode.assertWorked(node.install("-JavaOption '-Xmx256m'"));
        node.calls();
        node.release(PlayedNode.anotherJar());
        Files.writeString(node.path(PlayedNode.MODULES + "/left-by-an-old-version.ps1"), "");

        PlayedNode.assertWorked(node.installBare(""));

        assertThat(node.calls())
                .containsExactly(
                        "jdk-17 csv-backup-agent.jar service stop",
                        node.installCommand(" --java-option=-Xmx256m"),
                        "jdk-17 csv-backup-agent.jar service start");
        assertThat(Files.readAllBytes(node.path(PlayedNode.JAR))).isEqualTo(PlayedNode.anotherJar());
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
        node.release(PlayedNode.anotherJar());
        exec("SimulatedCluster", "startBackup", VOLUME, "NODE1");
        exec("CsvBackupState", "refresh");

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

    /** A backup may have begun around the clear; a restart would lose what the agent saw of it. */
    @Test
    void anUpdateAndARemovalAreRefusedWhileACheckAfterAClearIsDueUnlessForced() throws Exception {
        PlayedNode.assertWorked(node.install("-AgentOption 'PORT', 'poll-interval=200ms', 'allow-force=true'"));
        node.calls();
        node.release(PlayedNode.anotherJar());
        exec("SimulatedCluster", "startBackup", VOLUME, "NODE1");
        exec("SimulatedCluster", "killBackup", VOLUME);
        exec("CsvBackupState", "refresh");
        assertThat(exec("CsvBackupState", "forceClear", VOLUME, VOLUME, "a test of the installer"))
                .contains("\"outcome\":\"CLEARED\"");

        String refused = "The agent should not be stopped now: clears: a check after a clear is due within 15 minutes."
                + " A restart begins the observation again. Wait, or use -Force.";
        assertThat(node.installBare("").output()).endsWith(refused).hasLineCount(1);
        assertThat(node.uninstall("").output()).endsWith(refused).hasLineCount(1);
        assertThat(node.calls()).isEmpty();

        PlayedNode.assertWorked(node.installBare("-Force"));
        assertThat(node.calls()).contains("jdk-17 csv-backup-agent.jar service stop");
    }

    @Test
    void anAgentIsRemovedInAnyStateIfForced() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        exec("SimulatedCluster", "startBackup", VOLUME, "NODE1");
        exec("CsvBackupState", "refresh");
        node.calls();

        assertThat(node.uninstall("-Force").output()).isEmpty();

        assertThat(node.calls()).containsExactly("jdk-17 csv-backup-agent.jar service uninstall");
        assertThat(node.path(PlayedNode.JAR)).doesNotExist();
    }

    @Test
    void whatIfNamesEachStepOfAnUpdateAndDoesNothing() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.close();
        node.release(PlayedNode.anotherJar());
        Map<String, String> before = node.files();

        PowerShell.Ended ended = node.installBare("-WhatIf");

        assertThat(ended.errors()).isEmpty();
        assertThat(node.files()).isEqualTo(before);
        assertThat(ended.output().lines().map(PlayedNode::step))
                .containsExactly(
                        "copy version 0.1.0",
                        "replace the jar",
                        "replace the module",
                        "install the service: java -jar csv-backup-agent.jar service install --java=NODE/jdk-17"
                                + " --java-option=-Xrs --port=" + node.port() + " --poll-interval=200ms",
                        "start the service",
                        "wait for the first poll",
                        "run the self test");
    }

    @Test
    void anAgentThatDoesNotAnswerIsStoppedOnlyIfForced() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.release(PlayedNode.anotherJar());
        // Not the token: the agent looks after it while it runs.
        Files.writeString(node.path("ProgramData/csv-backup-agent/operator.url"), "http://127.0.0.1:1/");

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
        node.release(PlayedNode.anotherJar());
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

    /** LocalSystem before, and a managed account that cannot run the agent. */
    @Test
    void anotherAccountThatFailsIsReplacedByTheOneBefore() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.has("install-note", "Note: the permissions of the state directory do not name the account.\n");
        node.has("fail-start", "The service did not start: access is denied.");

        PowerShell.Ended ended = node.installBare("-Account 'EXAMPLE\\csvbackup$'");

        assertThat(ended.output())
                .contains("WARNING: the permissions of the state directory do not name the account.")
                .contains(
                        "WARNING: The account EXAMPLE\\csvbackup$ keeps the right to log on as a service, which it got.")
                .contains("The service did not start: access is denied.");
        assertThat(node.calls()).containsSubsequence("change PathName", "change StartName=LocalSystem, StartPassword=");
        assertThat(node.path("account")).hasContent("LocalSystem");
    }

    /** Windows does not tell its password. */
    @ParameterizedTest
    @CsvSource({
        "EXAMPLE\\old$, 'change StartName=EXAMPLE\\old$', ''",
        "NT SERVICE\\CsvBackupAgent, 'change StartName=NT SERVICE\\CsvBackupAgent', ''",
        "old$@example.com, 'change StartName=old$@example.com', ''",
        ".\\backup, 'change StartName=.\\backup', The service has the account .\\backup again. Set its password in services.msc."
    })
    void theAccountBeforeIsRestoredWithoutAPassword(String account, String change, String warning) throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.has("account", account + "\n");
        node.has("fail-start", "The service did not start: access is denied.");

        PowerShell.Ended ended = node.installBare("-Account 'EXAMPLE\\csvbackup$'");

        assertThat(ended.output()).contains(warning).doesNotContain("Not undone: 'install");
        if (warning.isEmpty()) {
            assertThat(ended.output()).doesNotContain("password");
        }
        assertThat(node.calls()).contains(change);
        assertThat(node.path("account")).hasContent(account);
    }

    @Test
    void aStateDirectoryOfTheServicesOwnAccountIsNoObstacle() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.has("account", ".\\backup\n");
        node.permission(node.path("ProgramData/csv-backup-agent"), "owner|S-1-5-21-1-2-3-1001|NODE1\\backup");

        PlayedNode.assertWorked(node.installBare("-AgentOption 'port=" + node.port() + "', 'poll-interval=300ms'"));

        assertThat(node.calls()).contains("jdk-17 csv-backup-agent.jar service stop");
        node.has("account", ".\\other\n");
        assertThat(node.installBare("").output())
                .contains("belongs to NODE1\\backup, and the agent does not trust it.");
    }

    /** No one on this machine can ask it as its operator. */
    @Test
    void anAgentThatDoesNotListenForItsOwnMachineIsUpdatedOnceItIsStopped() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        node.release(PlayedNode.anotherJar());
        Path service = node.path("service");
        Files.writeString(service, Files.readString(service).strip() + " --host=off\n");
        String refused =
                "The running agent does not listen for this machine (host=off), so this script cannot ask it whether a"
                        + " backup state is set. Ask it from another machine: Get-CsvBackupState -Uri ADDRESS -Credential USER. If no"
                        + " state is set and no clear was made in the last 15 minutes, run 'service stop' of its jar, and then this"
                        + " script again.";

        assertThat(node.installBare("").output()).endsWith(refused).hasLineCount(1);
        assertThat(node.uninstall("").output()).endsWith(refused).hasLineCount(1);
        assertThat(node.calls()).isEmpty();

        node.close();
        assertThat(node.installBare("-WhatIf").output()).startsWith("What if: ").doesNotContain("ERROR");
    }

    @Test
    void aModuleThatWasChangedIsReplaced() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        Path manifest = node.path(PlayedNode.MODULES + "/0.1.0/CsvBackupState.psd1");
        Path view = node.path(PlayedNode.MODULES + "/0.1.0/CsvBackupState.Format.ps1xml");
        Files.writeString(manifest, "damaged");
        Files.delete(view);

        PlayedNode.assertWorked(node.installBare(""));

        assertThat(node.calls()).contains("jdk-17 csv-backup-agent.jar service stop");
        assertThat(Files.mismatch(manifest, node.path("release/scripts/CsvBackupState/CsvBackupState.psd1")))
                .isEqualTo(-1);
        assertThat(view).exists();
    }
}
