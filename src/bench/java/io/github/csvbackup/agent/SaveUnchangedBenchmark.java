package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.text.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the writer of the state file does after a poll of 1,000 volumes in which nothing changed: it finds that out, and writes nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SaveUnchangedBenchmark {
    private static final int NODES = 3;
    private static final int VOLUMES = 1000;

    private Pipeline pipeline;
    private StateWriter.Saved saved;

    @Setup
    public void poll() {
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                AnonymousAccess.ASSESS,
                null,
                Path.of("target"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                false,
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                true,
                AuditOptions.DEFAULT,
                NODES,
                VOLUMES);
        Clock clock = Clock.systemUTC();
        pipeline = new Pipeline(new SimulatedCluster(clock, NODES, VOLUMES), line -> {}, options, clock, Times.UTC);
        pipeline.watcher.refresh();
        saved = now();
        pipeline.watcher.refresh();
        if (!unchanged()) {
            throw new IllegalStateException("a poll without a change should not have to be saved");
        }
    }

    @TearDown
    public void stop() {
        pipeline.close();
    }

    private StateWriter.Saved now() {
        return new StateWriter.Saved(
                pipeline.watcher.snapshot(), pipeline.clearing.saveState(), null, Mark.NONE, System.nanoTime());
    }

    @Benchmark
    public boolean unchanged() {
        return StateWriter.isCurrent(saved, now());
    }
}
