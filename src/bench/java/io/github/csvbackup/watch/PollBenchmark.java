package io.github.csvbackup.watch;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.QuietCluster;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The usual poll, every ten seconds of a clock that does not wait, of a cluster in which nothing happens. Each sixth poll is one of the slower rate,
 * too. The time and the memory are those of the agent, without a cluster's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PollBenchmark {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    @Param("3")
    private int nodes;

    @Param("10")
    private int volumes;

    private final MovableClock clock = new MovableClock();
    private Watcher watcher;

    @Setup
    public void poll() {
        QuietCluster cluster = new QuietCluster(nodes, volumes);
        NodeEvidence evidence =
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
        int found = pollAgain().volumes().size();
        if (found != volumes) {
            throw new IllegalStateException("the poll found " + found + " of " + volumes + " volumes");
        }
    }

    @TearDown
    public void stop() {
        watcher.close();
    }

    @Benchmark
    public Snapshot pollAgain() {
        clock.advance(SETTINGS.pollInterval());
        watcher.pollOnce();
        return watcher.snapshot();
    }
}
