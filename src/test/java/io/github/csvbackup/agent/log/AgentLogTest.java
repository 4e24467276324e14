package io.github.csvbackup.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The log's directory, its level, and that stderr has all lines too. */
@DisabledOnOs(OS.WINDOWS)
class AgentLogTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String NAME = "agent-log-test";
    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        StderrServiceProvider.end();
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void stderrAndTheFileHaveTheSameLinesInUtc() throws Exception {
        Path logs = folder.resolve("state").resolve("logs");
        try (LogLines stderr = new LogLines(NAME)) {
            try (AgentLog files = AgentLog.openFiles(logs, CLOCK)) {
                LOG.info("asked for {}", "x\r\n2026-11-25T17:20:30Z INFO  cleared\u001b[31m");
                LOG.error("broken", new IllegalStateException("why"));
                assertThat(files).isNotNull();
            }
            LOG.info("after its end");

            // The end of the file also reports what other tests repeated.
            assertThat(Files.readAllLines(logs.resolve("agent.log")))
                    .filteredOn(line -> !line.contains(" left out "))
                    .isEqualTo(stderr.lines().subList(0, stderr.lines().size() - 1));
        }
        assertThat(Files.readAllLines(logs.resolve("agent.log")))
                .first()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ INFO  asked for x\\\\u000d\\\\u000a2026.*");
    }

    @Test
    void theDirectoryAndItsFilesAreForTheirOwnerAlone() throws Exception {
        Path logs = folder.resolve("a").resolve("logs");
        try (AgentLog files = AgentLog.openFiles(logs, CLOCK)) {
            assertThat(files).isNotNull();
            assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
            assertThat(mode(logs)).isEqualTo("rwx------");
            assertThat(mode(logs.resolve("agent.log"))).isEqualTo("rw-------");
        }
    }

    @Test
    void aLinkADirectoryOfOthersAndAFileThatOthersCanWriteAreRefused() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        refused(
                link,
                "The log directory " + link + " is a link, whose target can change; use the real directory: log-dir=");

        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        refused(open, "The log directory " + open + " can be written to by others.");

        Path logs = Files.createDirectory(folder.resolve("logs"));
        Files.createSymbolicLink(logs.resolve("agent.log"), Files.createFile(folder.resolve("target")));
        refused(logs, "The log file " + logs.resolve("agent.log") + " is a link");
        Files.delete(logs.resolve("agent.log"));
        Files.createLink(logs.resolve("agent.log"), folder.resolve("target"));
        refused(logs, "The log file " + logs.resolve("agent.log") + " has 2 names");

        refused(Files.createFile(folder.resolve("file")).resolve("below"), "exists and is not a directory");
    }

    private static void refused(Path directory, String why) {
        assertThatThrownBy(() -> AgentLog.openFiles(directory, CLOCK))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(why);
        assertThat(StderrServiceProvider.file).isNull();
    }

    @Test
    void aLinkThatComesLaterIsNotFollowed() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "");
        Path logs = folder.resolve("logs");
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        try (LogLines lines = new LogLines(NAME);
                AgentLog files =
                        AgentLog.openFiles(logs, CLOCK, new PrintStream(stderr, true, StandardCharsets.UTF_8))) {
            Files.delete(logs.resolve("agent.log"));
            Files.createSymbolicLink(logs.resolve("agent.log"), target);
            LOG.info("one");
            LOG.info("two");
            assertThat(lines.lines()).hasSize(2);
            assertThat(files).isNotNull();
        }

        assertThat(target).isEmptyFile();
        assertThat(stderr.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains(" WARN  The log file " + logs.resolve("agent.log") + " cannot be written: ", "is a link");
    }

    @Test
    void oneAgentWritesAtATimeAndTheStateDirectoryMayBeTheSame() throws Exception {
        Path path = folder.resolve("s");
        try (StateDirectory state = StateDirectory.open(path, CLOCK);
                AgentLog first = AgentLog.openFiles(state.path(), CLOCK)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> AgentLog.openFiles(path, CLOCK))
                    .isInstanceOf(StateException.class)
                    .hasMessageMatching("The log directory .* is in use by another agent \\(process id .*\\)\\."
                            + " Choose another with the option log-dir\\.");
        }
        AgentLog.openFiles(path, CLOCK).close();
    }

    @Test
    void theLevelCanChangeAtAnyTimeAndTheChangeIsInTheLog() throws Exception {
        try (LogLines lines = new LogLines(NAME, AgentLog.class.getName())) {
            LOG.debug("detail 1");
            AgentLog.level(Level.DEBUG, "ann through jmx");
            LOG.debug("detail 2");
            AgentLog.level(Level.ERROR, "bob through http");
            LOG.warn("a warning");
            LOG.error("an error");
            StderrServiceProvider.end();
            LOG.info("the default again");

            assertThat(lines.lines())
                    .extracting(line -> line.substring(line.indexOf(' ') + 1))
                    .containsExactly(
                            "INFO  The log level is now debug, changed by ann through jmx",
                            "DEBUG detail 2",
                            "INFO  The log level is now error, changed by bob through http",
                            "ERROR an error",
                            "INFO  the default again");
        }
    }
}
