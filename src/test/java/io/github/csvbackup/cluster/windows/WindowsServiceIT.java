package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The commands of the service and the service itself, with the unchanged jar, under the real service control manager of Wine. It does not have recovery
 * and delayed start: WindowsServiceManagerTest shows what it is asked for.
 */
class WindowsServiceIT extends WithServiceInLab {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    @Test
    void installsStartsClearsStopsAndUninstalls() throws Exception {
        assertThat(install())
                .contains("The service CsvBackupAgent has been installed.", "Account: LocalSystem")
                .contains("Note: this Windows does not have this setting of a service: the delayed start.");
        assertThat(lab.onDriveC(STATE_DIR.replace('\\', '/'))).isDirectory();
        assertThat(isSourceOfEvents()).isTrue();
        assertThat(service(3, "status")).contains("The service CsvBackupAgent is STOPPED");

        assertThat(service(0, "start")).contains("The service is running, process ");
        awaitProcesses(1);
        assertThat(service(0, "start")).contains("already running");
        awaitHealth(agent());
        assertThat(service(0, "status")).contains("is RUNNING", "answers: ok");
        assertThat(lab.errorsOfServices())
                .as("the event of the start")
                .containsPattern(":eventlog:ReportEventW .*csv-backup-agent \\S+ listening on http://");

        lab.cluster().state(1, 1);
        try (LabAgent agent = agent()) {
            agent.await("the state becomes stale", () -> Long.valueOf(1).equals(agent.attribute("StaleCount")));
            agent.awaitClearable(VOLUME);
            assertThat(agent.clear(VOLUME)).containsEntry("outcome", "CLEARED");
            assertThat(agent.audit()).anyMatch(line -> line.contains("CLEARED"));
        }

        assertThat(service(0, "stop")).contains("The service has stopped.");
        assertThat(Files.readString(lab.onDriveC(STATE_DIR.replace('\\', '/')).resolve("logs/agent.log")))
                .contains("csv-backup-agent", "CLEARED");
        assertThat(service(0, "stop")).contains("already stopped");
        awaitProcesses(0);
        assertThat(lab.onDriveC(STATE_DIR.replace('\\', '/')).resolve("operator.token"))
                .as("the agent was closed")
                .doesNotExist();

        assertThat(service(0, "uninstall")).contains("has been removed. Its state directory stays: C:\\service data");
        assertThat(isRegistered()).isFalse();
        assertThat(isSourceOfEvents()).isFalse();
        assertThat(service(4, "status")).contains("not installed");
    }

    @Test
    void uninstallStopsFirstAndLeavesNothing() throws Exception {
        install("--copy-java");
        Path copy = lab.onDriveC("service app/java-17.0.9+9");
        assertThat(copy.resolve("bin/java.exe")).exists();
        service(0, "start");
        awaitProcesses(1);
        assertThat(service(0, "status")).contains("C:\\service app\\java-17.0.9+9\\bin\\java.exe");

        service(0, "uninstall");

        awaitProcesses(0);
        assertThat(isRegistered()).isFalse();
        assertThat(copy).doesNotExist();
        assertThat(lab.onDriveC("service app")).isDirectoryContaining("glob:**.jar");
        try (var files = Files.list(lab.onDriveC("service app"))) {
            assertThat(files).hasSize(1);
        }
    }

    /** The call never returns; the service manager must not wait for it. */
    @Test
    void stopsWhileACallHangs() throws Exception {
        install();
        service(0, "start");
        awaitProcesses(1);
        try (LabAgent agent = agent()) {
            agent.await("it has seen the volume", () -> !((List<?>) agent.attribute("Volumes")).isEmpty());
        }
        lab.cluster().unrelease();
        lab.cluster().fault("hang|GetClusterResourceState").write();
        try (LabAgent agent = agent()) {
            agent.await("a poll hangs", () -> agent.get("healthz").statusCode() == 503);
        }

        assertThat(service(0, "stop")).contains("The service has stopped.");

        awaitProcesses(0);
        assertThat(service(3, "status")).contains("is STOPPED.");
    }

    /** The call may have taken effect or not, and nothing repeats it. */
    @Test
    void aClearThatHangsDuringAStopIsReportedAtTheNextStart() throws Exception {
        install();
        service(0, "start");
        lab.cluster().state(1, 1);
        try (LabAgent agent = agent()) {
            agent.await("the state becomes stale", () -> Long.valueOf(1).equals(agent.attribute("StaleCount")));
            agent.awaitClearable(VOLUME);
            lab.cluster().unrelease();
            lab.cluster().fault("hang|ClusterClearBackupStateForSharedVolume").write();
            lab.cluster().forgetLog();
            Thread clear = new Thread(() -> {
                try {
                    agent.clear(VOLUME);
                } catch (Exception e) {
                    // The service ends before it can answer.
                    return;
                }
            });
            clear.setDaemon(true);
            clear.start();
            agent.await("the clear hangs", () -> !lab.cluster().clears().isEmpty());
        }

        assertThat(service(0, "stop")).contains("The service has stopped.");

        lab.cluster().fault().write();
        service(0, "start");
        LabAgent next = agent();
        // The end of the agent interrupts the clear: it has the outcome UNKNOWN if there was still time to write it.
        next.await(
                "the clear is reported",
                () -> next.texts("UnfinishedClears").stream().anyMatch(text -> text.contains(VOLUME))
                        || next.audit().stream().anyMatch(line -> line.contains("\"UNKNOWN\"")));
    }

    @Test
    void theDocumentedCommandsWork() throws Exception {
        runDocumented(Documents.commands("the service", WindowsServiceIT.class), 3);
        runDocumented(Documents.commands("stop and remove the service", WindowsServiceIT.class), 2);
    }

    /** In the folder of the jar, with a port and a state directory of this test. */
    private void runDocumented(String block, int commands) throws Exception {
        List<String> lines = block.lines().toList();
        assertThat(lines).hasSize(commands);
        for (String line : lines) {
            assertThat(line).startsWith("java -jar csv-backup-agent.jar service ");
            List<String> arguments =
                    new ArrayList<>(List.of(line.replaceFirst(".* service ", "").split(" ", -1)));
            if (arguments.get(0).equals("install")) {
                arguments.addAll(List.of("--port=" + port, "--state-dir=C:\\" + STATE_DIR));
            }
            service(0, arguments.toArray(String[]::new));
        }
    }

    @Test
    void onlyTheServiceManagerCanRunTheService() throws Exception {
        assertThat(service(1, "run", "--state-dir=C:\\" + STATE_DIR))
                .contains("Only Windows' service manager can run this command; use service start.");
    }
}
