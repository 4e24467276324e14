package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.eventlog.RecordedEvents;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.security.AnonymousAccess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A whole agent with a log in files, and the level of its log. */
class ReportingTest {
    private static final WindowsBackend NO_CLUSTER = () -> {
        throw ClusterException.win32("OpenClusterEx", 1753);
    };

    @TempDir
    Path folder;

    private Options options(Backend backend, LogOptions log) {
        return new Options(
                        backend,
                        "127.0.0.1",
                        0,
                        AnonymousAccess.ASSESS,
                        null,
                        folder.resolve("state"),
                        Duration.ofMillis(250),
                        Duration.ofMillis(250),
                        false,
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(1),
                        false,
                        AuditOptions.DEFAULT,
                        1,
                        1)
                .with(log);
    }

    private LogOptions files(Level level) {
        return new LogOptions(folder.resolve("state").resolve("logs"), level, false);
    }

    private List<String> file() throws Exception {
        return Files.readAllLines(folder.resolve("state").resolve("logs").resolve("agent.log"));
    }

    @Test
    void theFileHasTheStartAndTheEndAndIsClosedWithTheAgent() throws Exception {
        try (Agent agent = Agent.start(options(Backend.SIMULATED, files(Level.INFO)), NO_CLUSTER)) {
            assertThat(agent.url()).isNotNull();
        }
        List<String> lines = file();
        assertThat(lines).anyMatch(line -> line.contains(" INFO  The agent started; the newest line of the audit is "));
        assertThat(lines).anyMatch(line -> line.contains(" INFO  The agent stopped; the newest line of the audit is "));
        LoggerFactory.getLogger(ReportingTest.class).info("after the agent");
        assertThat(file()).isEqualTo(lines);
    }

    @Test
    void aStartThatFailsIsInTheFile() throws Exception {
        assertThatThrownBy(() -> Agent.start(options(Backend.WINDOWS, files(Level.INFO)), NO_CLUSTER))
                .isInstanceOf(StartException.class);
        assertThat(file().stream().filter(line -> line.contains(" ERROR ")))
                .singleElement()
                .asString()
                .contains(" ERROR The agent was not started: Cannot open the cluster: ", "1753");
    }

    @Test
    void aLogDirectoryThatCannotBeUsedStopsTheStartAndNothingRemains() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        LogOptions impossible = new LogOptions(file, Level.INFO, false);

        for (int tries = 0; tries < 2; tries++) {
            assertThatThrownBy(() -> Agent.start(options(Backend.SIMULATED, impossible), NO_CLUSTER))
                    .isInstanceOf(StartException.class)
                    .hasMessage("The log directory " + file + " is not a directory. Choose another with the option"
                            + " log-dir.");
        }
    }

    @Test
    void operatorsChangeTheLevelByJmxUntilTheAgentEnds() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String name = ReportingTest.class.getName();
        try (LogLines lines = new LogLines(name)) {
            try (Agent agent = Agent.start(options(Backend.SIMULATED, files(Level.WARN)), NO_CLUSTER)) {
                assertThat(agent.url()).isNotNull();
                assertThat(server.getAttribute(Registration.name("CsvBackupState"), "LogLevel"))
                        .isEqualTo("warn");
                LoggerFactory.getLogger(name).info("left out");
                server.setAttribute(Registration.name("CsvBackupState"), new Attribute("LogLevel", "debug"));
                assertThat(server.getAttribute(Registration.name("CsvBackupState"), "LogLevel"))
                        .isEqualTo("debug");
                LoggerFactory.getLogger(name).debug("detail");

                for (Object bad : new Object[] {"loud", "", "INFO", null}) {
                    assertThatThrownBy(() -> server.setAttribute(
                                    Registration.name("CsvBackupState"), new Attribute("LogLevel", bad)))
                            .isInstanceOf(RuntimeMBeanException.class)
                            .hasRootCauseInstanceOf(IllegalArgumentException.class)
                            .hasRootCauseMessage(
                                    "LogLevel=" + bad + " is not valid; expected error, warn, info, debug or trace.");
                }
            }
            LoggerFactory.getLogger(name).debug("the next agent has the default");

            assertThat(lines.lines()).singleElement().asString().endsWith("DEBUG detail");
        }
        assertThat(file())
                .anyMatch(line -> line.contains(
                        " INFO  The log level is now debug, changed by not authenticated; the JVM's" + " account is "))
                .anyMatch(line -> line.endsWith(" DEBUG detail"))
                .noneMatch(line -> line.contains("left out"));
    }

    @Test
    void theEventLogHasTheStartAndTheEndWithTheNewestLineOfTheAudit() {
        Audit audit = new Audit() {
            @Override
            public void append(AuditLine line) {
                throw new UnsupportedOperationException("nothing is written here");
            }

            @Override
            public AuditStatus status() {
                return new AuditStatus(new Mark(12, "0a"), 0, null);
            }
        };
        try (RecordedEvents events = new RecordedEvents();
                Reporting reporting = new Reporting(null, events.log())) {
            reporting.started("csv-backup-agent 1.0 listening on http://127.0.0.1:8778/ (backend windows)");
            reporting.stopped(audit);

            assertThat(events.events())
                    .containsExactly(
                            "STARTED csv-backup-agent 1.0 listening on http://127.0.0.1:8778/ (backend windows).",
                            "STOPPED The agent stopped; the newest line of the audit is 12:0a.");
        }
        try (RecordedEvents events = new RecordedEvents();
                Reporting reporting = new Reporting(null, events.log())) {
            reporting.stopped(audit);

            assertThat(events.events()).as("it never started").isEmpty();
        }
    }

    /** A bug of the agent, or a class that is missing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartThatFailsInAnUnexpectedWayIsInTheFileOnceWithItsTrace(boolean linkage) throws Exception {
        WindowsBackend broken = () -> {
            if (linkage) {
                throw new NoClassDefFoundError("com/sun/jna/Native2");
            }
            throw new IllegalStateException("a bug");
        };
        Options options = options(Backend.WINDOWS, files(Level.INFO));
        assertThatThrownBy(() -> Agent.start(options, broken))
                .isInstanceOf(linkage ? StartException.class : IllegalStateException.class);

        assertThat(file().stream().filter(line -> line.contains(" ERROR ")))
                .singleElement()
                .asString()
                .endsWith(
                        linkage
                                ? " ERROR The agent was not started: Cannot start JNA: java.lang.NoClassDefFoundError:"
                                        + " com/sun/jna/Native2."
                                : " ERROR The agent was not started: java.lang.IllegalStateException: a bug");
        assertThat(file().stream().anyMatch(line -> line.startsWith("\tat "))).isEqualTo(!linkage);
    }

    @Test
    void aRefusedStateDirectoryIsInTheFile() throws Exception {
        Path logs = folder.resolve("logs");
        Files.createFile(folder.resolve("state"));
        Options options = options(Backend.SIMULATED, new LogOptions(logs, Level.INFO, false));
        assertThatThrownBy(() -> Agent.start(options, NO_CLUSTER)).isInstanceOf(StartException.class);

        assertThat(Files.readAllLines(logs.resolve("agent.log")))
                .singleElement()
                .asString()
                .contains(" ERROR The agent was not started: The state directory " + folder.resolve("state"));
    }
}
