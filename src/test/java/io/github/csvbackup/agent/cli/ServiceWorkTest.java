package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.AgentLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ServiceWorkTest {
    @TempDir
    Path folder;

    private final ServiceWork work =
            new ServiceWork(new TestedCli().context(), List.of(), new ServiceFailure(Path.of("")));

    /** The process ends right after that, although the agent has not closed its log. */
    @Test
    void whatIsSaidAboutAStopThatHangsIsInTheFileAtOnce() throws Exception {
        Path logs = folder.resolve("logs");
        try (AgentLog files = AgentLog.openFiles(logs, Clock.systemUTC())) {
            assertThat(files.loop().isOpen()).isTrue();
            work.notStopped(null);
            assertThat(Files.readAllLines(logs.resolve("agent.log")))
                    .anyMatch(line ->
                            line.contains(" WARN  The service ends although the agent has not stopped completely"));

            work.notStopped(new IllegalStateException("a bug"));
            assertThat(logs.resolve("agent.log")).content().contains("IllegalStateException: a bug");
        }
    }
}
