package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.cluster.Cluster;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service in the lab: its commands with the unchanged jar, and its removal after each test. */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
abstract class WithServiceInLab {
    private static final String JAR = "C:\\service app\\csv-backup-agent.jar";
    /** Needs quotation marks, and has characters that the shell, the launcher or a console could change. */
    static final String STATE_DIR = "service data\\a & b (c) ^ 'd' \u00e4";

    static WineLab lab;
    private static String node;

    int port;

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
        port = FreePort.next();
    }

    @AfterEach
    void uninstall() throws Exception {
        lab.cluster().release();
        service(0, "uninstall");
    }

    /** Runs a command of the service, and returns its output. */
    static String service(int exitCode, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-jar", JAR, "service"));
        command.addAll(List.of(arguments));
        String said = lab.javaToItsEnd(command);
        assertThat(said).as("service %s", List.of(arguments)).endsWith("exit code " + exitCode);
        return said;
    }

    String install(String... options) throws Exception {
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

    LabAgent agent() {
        return LabAgent.ofService(lab, STATE_DIR.replace('\\', '/'), port);
    }

    static boolean isRegistered() throws Exception {
        return hasKey("HKLM\\System\\CurrentControlSet\\Services\\CsvBackupAgent");
    }

    static boolean isSourceOfEvents() throws Exception {
        return hasKey("HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\CsvBackupAgent");
    }

    private static boolean hasKey(String key) throws Exception {
        return lab.programToItsEnd("reg", "query", key).endsWith("exit code 0");
    }

    /** The service's own process, which Linux shows with its command line. */
    private static long processes() {
        return ProcessHandle.allProcesses().filter(WithServiceInLab::isService).count();
    }

    static boolean isService(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.contains(JAR) && line.contains("service run") && lab.owns(process);
    }

    /** The service runs before its first poll has ended. */
    static void awaitHealth(LabAgent agent) throws Exception {
        agent.await("it is healthy", () -> agent.get("healthz").statusCode() == 200);
    }

    /** Wine's end of a process is a moment before that of Linux. */
    void awaitProcesses(long count) throws Exception {
        agent().await(count + " processes of the service", () -> processes() == count);
    }
}
