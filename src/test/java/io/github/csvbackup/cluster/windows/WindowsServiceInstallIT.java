package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.powershell.InstallerCommands;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installations and changes of the service under Wine's service control manager. */
class WindowsServiceInstallIT extends WithServiceInLab {
    @Test
    void aSecondInstallationChangesTheOptions() throws Exception {
        install();
        service(0, "start");
        int oldPort = port;
        port = FreePort.next();

        assertThat(install("--java-option=-Xmx100m")).contains("has been changed", "It runs with its old options");
        awaitHealth(LabAgent.ofService(lab, STATE_DIR, oldPort));
        service(0, "stop");
        service(0, "start");

        awaitHealth(agent());
        assertThat(service(0, "status")).contains("--port=" + port, "-Xmx100m").doesNotContain("--port=" + oldPort);
    }

    /** Wine does not tell which process listens, so that the service's own port is free shows ServiceInstallChecksTest. */
    @Test
    void aPortOfAnotherProgramIsTaken() throws Exception {
        install();
        service(0, "start");
        awaitHealth(agent());

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(service(1, "install", "--backend=windows", "--port=" + other.getLocalPort()))
                    .contains("The service cannot listen on 127.0.0.1 port " + other.getLocalPort());
        }
        assertThat(service(0, "status")).contains("--port=" + port);
    }

    @Test
    void aFailedStartIsReportedWithItsReason() throws Exception {
        Path log = lab.onDriveC(STATE_DIR.replace('\\', '/')).resolve("logs/agent.log");
        // Of another test.
        Files.deleteIfExists(log);
        install();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(service(1, "start"))
                    .contains("csv-backup-agent: The service did not start: ", String.valueOf(other.getLocalPort()));
            assertThat(service(3, "status"))
                    .contains("is STOPPED; it ended with its code 1.", "The last start failed: ");
            assertThat(Files.readAllLines(log))
                    .filteredOn(line -> line.contains(" ERROR "))
                    .singleElement()
                    .asString()
                    .contains("The agent was not started: The port ", String.valueOf(port));
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

    /** The scripts themselves cannot run there, so the command lines are those that they send to a played node. */
    @Test
    void anInstallationAnUpdateAndARemovalByTheScriptsWork(@TempDir Path folder) throws Exception {
        int otherPort = FreePort.next();
        String java = WineLab.javaHome();
        List<List<String>> calls = InstallerCommands.of(folder.resolve("node"), port, otherPort, java);
        assertThat(calls.stream().map(call -> call.get(1)))
                .containsExactly("install", "start", "stop", "install", "start", "uninstall");
        assertThat(calls.get(0)).contains("--java=" + java, "--java-option=-Dlab=a (b) & c", "--port=" + port);
        String stateDir = "ProgramData/csv-backup-agent";

        assertThat(run(calls.get(0))).contains("has been installed");
        run(calls.get(1));
        awaitHealth(LabAgent.ofService(lab, stateDir, port));
        run(calls.get(2));
        assertThat(run(calls.get(3))).contains("has been changed");
        run(calls.get(4));
        awaitHealth(LabAgent.ofService(lab, stateDir, otherPort));
        assertThat(service(0, "status"))
                .contains("Command: \"" + java + "\\bin\\java.exe\" -Xrs", "\"-Dlab=a (b) & c\"", "-Xmx100m")
                .contains("--port=" + otherPort, "--poll-interval=300ms");

        assertThat(run(calls.get(5))).contains("has been removed");
        assertThat(isRegistered()).isFalse();
    }

    private static String run(List<String> call) throws Exception {
        return service(0, call.subList(1, call.size()).toArray(String[]::new));
    }
}
