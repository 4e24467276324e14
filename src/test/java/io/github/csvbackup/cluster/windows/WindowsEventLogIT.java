package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.eventlog.EventSourceProgram;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;

/** The Windows event log and the log files under Wine. Its event log keeps nothing, but its debug channel shows the calls. */
@Tag("jdk-independent")
@ExtendWith(WithWineLab.class)
class WindowsEventLogIT {
    private static final String KEY =
            "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\CsvBackupAgent";

    private static WineLab lab;

    @BeforeAll
    static void open() {
        lab = WithWineLab.lab();
    }

    @Test
    void theSourceIsRegisteredTwiceAndUnregisteredTwiceWithoutHarm() throws Exception {
        assertThat(program("register")).contains("done");
        assertThat(program("register")).contains("done");
        assertThat(lab.programToItsEnd("reg", "query", KEY))
                .containsPattern("EventMessageFile\\s+REG_EXPAND_SZ\\s+%SystemRoot%\\\\System32\\\\EventCreate.exe")
                .containsPattern("TypesSupported\\s+REG_DWORD\\s+0x7");
        assertThat(program("unregister")).contains("done");
        assertThat(program("unregister")).contains("done");
        assertThat(lab.programToItsEnd("reg", "query", KEY)).doesNotContain("EventMessageFile");
    }

    private static String program(String command) throws Exception {
        String classPath = Stream.of(
                        EventSourceProgram.class,
                        io.github.csvbackup.eventlog.EventLog.class,
                        Native.class,
                        Logger.class,
                        NullMarked.class)
                .map(WindowsEventLogIT::place)
                .distinct()
                .collect(Collectors.joining(";"));
        return lab.javaToItsEnd(List.of("-cp", classPath, EventSourceProgram.class.getName(), command));
    }

    private static String place(Class<?> of) {
        try {
            return LabAgent.windowsPath(new File(of.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toPath());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theEventsReachWindowsAndTheFilesAreThere() throws Exception {
        lab.cluster().reset().write();
        lab.debug("+eventlog");
        try (LabAgent agent = LabAgent.standalone(
                lab, "events", "--event-log=true", "--log-dir=C:\\events\\logs", "--log-level=debug")) {
            agent.await(
                    "the start is in the event log",
                    () -> lab.errors()
                            .lines()
                            .anyMatch(line -> line.matches(
                                    ".*:eventlog:ReportEventW .*csv-backup-agent \\S+ listening on http://.*")));
            assertThat(agent.attribute("LogLevel")).isEqualTo("debug");
        } finally {
            lab.debug(null);
        }
        Path log = lab.onDriveC("events").resolve("logs").resolve("agent.log");
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.contains(" INFO  The agent started; "))
                .anyMatch(line -> line.contains(" INFO  csv-backup-agent ") && line.contains(" listening on http://"));
    }

    /** By then, the agent has closed its event log again. */
    @Test
    void aStartThatFailsIsOneEventAndOneLine() throws Exception {
        lab.cluster().reset().write();
        lab.debug("+eventlog");
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String said = lab.javaToItsEnd(List.of(
                    "-jar",
                    LabAgent.windowsPath(PackagedJar.path()),
                    "--backend=windows",
                    "--port=" + busy.getLocalPort(),
                    "--state-dir=C:\\failed",
                    "--log-dir=C:\\failed\\logs",
                    "--event-log=true"));

            assertThat(said).endsWith("exit code 1");
            assertThat(said.lines().filter(line -> line.contains("ReportEventW") && line.contains("not started")))
                    .singleElement()
                    .asString()
                    .contains("The agent was not started: The port 127.0.0.1:" + busy.getLocalPort());
        } finally {
            lab.debug(null);
        }
        assertThat(Files.readAllLines(lab.onDriveC("failed").resolve("logs").resolve("agent.log")))
                .filteredOn(line -> line.contains(" ERROR "))
                .singleElement()
                .asString()
                .contains("The agent was not started: The port ");
    }
}
