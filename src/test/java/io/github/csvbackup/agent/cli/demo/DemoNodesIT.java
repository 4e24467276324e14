package io.github.csvbackup.agent.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.cli.demo.DemoIT.RunningDemo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with three agents of the packaged jar that vouch for each other: what it prints, and that nothing outlives it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("jdk-independent")
class DemoNodesIT {
    private static final int MOST_LINES = 30;
    private static final int MOST_COLUMNS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path temporary;

    @Test
    void itPlaysTheStoryOnOneScreenAndEndsWithEverything() throws Exception {
        try (RunningDemo demo = RunningDemo.start(
                List.of("-Djava.io.tmpdir=" + temporary), "Every step went as expected.", "--nodes=3", "--exit")) {
            assertThat(demo.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(demo.process().exitValue()).isZero();
            assertThat(demo.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(demo.lines()).allMatch(line -> line.length() <= MOST_COLUMNS, "at most 100 columns");
            assertThat(demo.lines())
                    .anyMatch(line -> line.matches(" 5  .* CLEARABLE +CLEARABLE +CLEARABLE"))
                    .anyMatch(line -> line.matches(" 6  .* UNPROVEN +UNPROVEN +-"))
                    .anyMatch(line -> line.contains("the agent of NODE3"))
                    .anyMatch(line -> line.matches(" 9  .* IDLE +IDLE +IDLE"));
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsAgentsEndWithIt(boolean killed) throws Exception {
        try (RunningDemo demo = RunningDemo.start(
                List.of("-Djava.io.tmpdir=" + temporary),
                "The agents keep running until you press Ctrl+C.",
                "--nodes=3")) {
            List<ProcessHandle> agents = demo.process().descendants().toList();
            assertThat(agents).hasSize(3);
            for (String node : List.of("NODE1", "NODE2", "NODE3")) {
                assertThat(demo.lines())
                        .filteredOn(line -> line.startsWith("  " + node + "  "))
                        .singleElement()
                        .satisfies(line -> assertThat(Path.of(line.substring(9), "operator.token"))
                                .isNotEmptyFile());
            }
            assertThat(demo.lines()).anyMatch(line -> line.matches("  java -jar \"\\S+\" peers --state-dir=\"\\S+\""));

            if (killed) {
                demo.process().destroyForcibly();
            } else {
                demo.process().destroy();
            }

            for (ProcessHandle agent : agents) {
                assertThat(agent.onExit()).succeedsWithin(PATIENCE);
            }
            assertThat(demo.process().onExit()).succeedsWithin(PATIENCE);
            assertThat(temporary)
                    .satisfies(files -> assertThat(files.toFile().list()).hasSize(killed ? 1 : 0));
        }
    }
}
