package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateWriterTest {
    @TempDir
    Path folder;

    private static Outcome clear(StubCluster cluster, Pipeline pipeline) {
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        Caller ann = new Caller(Role.OPERATOR, "ann", "test", "");
        return pipeline.clearing
                .forceClear(StubCluster.VOLUME1, StubCluster.VOLUME1, "to see what is written", ann)
                .outcome();
    }

    @Test
    void aClearWritesAtOnceAndAfterTheEndNothingIsWritten() throws Exception {
        Path file = folder.resolve("state.txt");
        StubCluster cluster = new StubCluster();
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                RemoteAccess.NONE,
                folder,
                Duration.ofSeconds(60),
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                true,
                AuditOptions.DEFAULT,
                1,
                1);
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options, Clock.systemUTC())) {
            StateWriter stateWriter = new StateWriter(new StateFile(file, Clock.systemUTC()), pipeline);
            stateWriter.start();
            assertThat(clear(cluster, pipeline)).isEqualTo(Outcome.CLEARED);
            assertThat(Files.readString(file)).contains("after-clear\t").contains("CLEARED");

            stateWriter.close();
            // The folder is another agent's now.
            Files.delete(file);
            assertThat(clear(cluster, pipeline)).isEqualTo(Outcome.CLEARED);

            assertThat(file).doesNotExist();
        }
    }
}
