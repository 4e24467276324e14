package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.cluster.Cluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The commands of the service and the service itself, with the unchanged jar, under the real service control manager of Wine. It does not have recovery
 * and delayed start: WindowsServiceManagerTest shows what it is asked for.
 */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsServiceIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String JAR = "C:\\service app\\csv-backup-agent.jar";
    /** Needs quotation marks, and has characters that the shell, the launcher or a console could change. */
    private static final String STATE_DIR = "service data\\a & b (c) ^ 'd' \u00e4";

    private static WineLab lab;
    private static String node;

    private int port;

    @BeforeAll
    static void installTheJar() throws Exception {
        lab = WithWineLab.lab();
        node = LabAgent.nodeName(lab);
        Path jar = lab.onDriveC("service app/csv-backup-agent.jar");
        Files.createDirectories(jar.getParent());
        Files.copy(PackagedJar.path(), jar, StandardCopyOption.REPLACE_EXISTING);
    }

    @BeforeEach
    void aClusterWithoutBackup() throws Exception {
        lab.service(Cluster.VSS, false);
        lab.cluster().reset().small(node).write();
        lab.cluster().put("shadows", "end=0 0\n");
        port = freePort();
    }

    @AfterEach
    void uninstall() throws Exception {
        lab.cluster().release();
        service(0, "uninstall");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Runs a command of the service, and returns its output. */
    private static String service(int exitCode, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-jar", JAR, "service"));
        command.addAll(List.of(arguments));
        String said = lab.javaToItsEnd(command);
        assertThat(said).as("service %s", List.of(arguments)).endsWith("exit code " + exitCode);
        return said;
    }

    private String install(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "install",
                "--backend=windows",
                "--port=" + port,
                "--state-dir=C:\\" + STATE_DIR,
                "--poll-interval=200ms",
                "--stale-after=2s",
                "--quiet-time=1s"));
        arguments.addAll(List.of(options));
        return service(0, arguments.toArray(String[]::new));
    }

    private LabAgent agent() {
        return LabAgent.ofService(lab, STATE_DIR.replace('\\', '/'), port);
    }

    private static boolean isRegistered() throws Exception {
        return hasKey("HKLM\\System\\CurrentControlSet\\Services\\CsvBackupAgent");
    }

    private static boolean isSourceOfEvents() throws Exception {
        return hasKey("HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\CsvBackupAgent");
    }

    private static boolean hasKey(String key) throws Exception {
        return lab.programToItsEnd("reg", "query", key).endsWith("exit code 0");
    }

    /** The service's own process, which Linux shows with its command line. */
    private static long processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(JAR) && line.contains("service run"))
                .count();
    }

    /** The service runs before its first poll has ended. */
    private static void awaitHealth(LabAgent agent) throws Exception {
        agent.await("it is healthy", () -> agent.get("healthz").statusCode() == 200);
    }

    /** Wine's end of a process is a moment before that of Linux. */
    private void awaitProcesses(long count) throws Exception {
        agent().await(count + " processes of the service", () -> processes() == count);
    }

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
        Path copy = lab.onDriveC("service app/java-17.0.9");
        assertThat(copy.resolve("bin/java.exe")).exists();
        service(0, "start");
        awaitProcesses(1);
        assertThat(service(0, "status")).contains("C:\\service app\\java-17.0.9\\bin\\java.exe");

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
    void aSecondInstallationChangesTheOptions() throws Exception {
        install();
        service(0, "start");
        int oldPort = port;
        port = freePort();

        assertThat(install("--java-option=-Xmx100m")).contains("has been changed", "It runs with its old options");
        awaitHealth(LabAgent.ofService(lab, STATE_DIR, oldPort));
        service(0, "stop");
        service(0, "start");

        awaitHealth(agent());
        assertThat(service(0, "status")).contains("--port=" + port, "-Xmx100m").doesNotContain("--port=" + oldPort);
    }

    @Test
    void aFailedStartIsReportedWithItsReason() throws Exception {
        install();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(service(1, "start"))
                    .contains("csv-backup-agent: The service did not start: ", String.valueOf(other.getLocalPort()));
            assertThat(service(3, "status"))
                    .contains("is STOPPED; it ended with its code 1.", "The last start failed: ");
            assertThat(lab.onDriveC(STATE_DIR.replace('\\', '/')).resolve("logs/agent.log"))
                    .content()
                    .containsPattern("ERROR .*" + port);
        }

        service(0, "start");

        assertThat(service(0, "status")).doesNotContain("failed");
    }

    @Test
    void aServiceOfThatNameThatIsNotTheAgentStays() throws Exception {
        assertThat(lab.programToItsEnd(
                        "sc", "create", "CsvBackupAgent", "binPath=", "C:\\windows\\system32\\lab-service.exe"))
                .endsWith("exit code 0");
        try {
            assertThat(service(1, "install", "--backend=windows", "--port=" + port))
                    .contains("There is a service CsvBackupAgent that is not this agent");
            assertThat(service(1, "uninstall")).contains("that is not this agent");
            assertThat(isRegistered()).isTrue();
        } finally {
            lab.programToItsEnd("sc", "delete", "CsvBackupAgent");
        }
    }

    @Test
    void onlyTheServiceManagerCanRunTheService() throws Exception {
        assertThat(service(1, "run", "--state-dir=C:\\" + STATE_DIR))
                .contains("Only Windows' service manager can run this command; use service start.");
    }
}
