package io.github.csvbackup.agent;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.text.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineTest {
    private static final Caller ANN = new Caller(Role.OPERATOR, "ann", "test", "");

    @TempDir
    Path folder;

    private final StubCluster cluster = new StubCluster();

    private Outcome clear(Pipeline pipeline, String volume) {
        cluster.set(volume, BackupState.IN_PROGRESS);
        return pipeline.clearing
                .forceClear(volume, volume, "to see what comes after it", ANN)
                .outcome();
    }

    private static void awaitSuspect(Pipeline pipeline, String volume) {
        while (!pipeline.clearing.counts().suspect().containsKey(volume)) {
            Thread.onSpinWait();
        }
    }

    private Options options(Duration pollIntervalOthers, Duration quietTime) {
        return new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                AnonymousAccess.ASSESS,
                null,
                folder,
                Duration.ofSeconds(60),
                pollIntervalOthers,
                false,
                Duration.ofMinutes(30),
                quietTime,
                Duration.ofMinutes(1),
                true,
                AuditOptions.DEFAULT,
                1,
                1);
    }

    @Test
    void aLookAfterAClearThatThrowsIsNotTheLast() throws Exception {
        AtomicBoolean thrown = new AtomicBoolean();
        Options options = options(Duration.ofSeconds(60), Duration.ofSeconds(1));
        try (Pipeline pipeline = new Pipeline(
                        cluster,
                        line -> {
                            if (line.kind().equals("suspect") && thrown.compareAndSet(false, true)) {
                                throw new StackOverflowError("planted");
                            }
                        },
                        options,
                        Clock.systemUTC(),
                        Times.UTC);
                AutoCloseable looks = pipeline.startFollowUps()) {
            assertThat(looks).isNotNull();
            cluster.duringClear = () -> cluster.shadowCopies.put("NODE2", List.of(copy(1)));
            assertThat(clear(pipeline, VOLUME1)).isEqualTo(Outcome.CLEARED);
            cluster.duringClear = () -> cluster.shadowCopies.put("NODE2", List.of(copy(1), copy(10)));
            assertThat(clear(pipeline, VOLUME10)).isEqualTo(Outcome.CLEARED);

            awaitSuspect(pipeline, VOLUME1);
            assertThat(thrown).isTrue();
            awaitSuspect(pipeline, VOLUME10);
        }
    }

    /** Until the look after its clear, a volume is read at each poll, although another node owns it and its state is not set. */
    @Test
    void aVolumeOfAnotherNodeIsReadAtEachPollAfterItsClear() {
        String disk = cluster.volumes.get(VOLUME10).resourceName();
        List<String> read = new CopyOnWriteArrayList<>();
        cluster.own(VOLUME10, "NODE2");
        cluster.answersAtOnce = true;
        cluster.beforeDisk = read::add;
        Options options = options(Duration.ofHours(1), Duration.ofHours(1));
        try (Pipeline pipeline = new Pipeline(cluster, line -> {}, options, Clock.systemUTC(), Times.UTC)) {
            pipeline.watcher.pollOnce();
            read.clear();
            pollThrice(pipeline);
            assertThat(read).as("before the clear").doesNotContain(disk);

            assertThat(clear(pipeline, VOLUME10)).isEqualTo(Outcome.CLEARED);
            read.clear();
            pollThrice(pipeline);

            assertThat(read).filteredOn(disk::equals).hasSize(3);
        }
    }

    private static void pollThrice(Pipeline pipeline) {
        for (int i = 0; i < 3; i++) {
            pipeline.watcher.pollOnce();
        }
    }

    private static ShadowCopy copy(int volume) {
        return new ShadowCopy("{of " + volume + "}", "{s}", "{p}", StubCluster.guid(volume), "NODE2", true, 12, null);
    }
}
