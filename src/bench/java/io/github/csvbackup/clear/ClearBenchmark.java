package io.github.csvbackup.clear;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A clear with all that belongs to it but the native call and the flush of the audit: the cluster and the audit are doubles that do nothing, and
 * pauses do not wait.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ClearBenchmark {
    /** Short, so that few polls make a state clearable again. */
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(5));

    private static final int POLLS = 5;
    private static final Caller OPERATOR = new Caller(Role.OPERATOR, "alice", "http", "127.0.0.1");

    private MovableClock clock;
    private StubCluster cluster;
    private Watcher watcher;
    private Clearing clearing;

    /** Afresh, so that what the agent remembers of earlier clears does not grow. */
    @Setup(Level.Iteration)
    public void start() {
        clock = new MovableClock();
        cluster = new StubCluster();
        CallersThread direct = new CallersThread(cluster);
        NodeEvidence evidence =
                new NodeEvidence(direct, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        watcher = new Watcher(direct, evidence, SETTINGS, clock, clock::nanoTime);
        clearing = new Clearing(
                new ClearContext(
                        direct,
                        watcher,
                        evidence,
                        new Guard(SETTINGS),
                        line -> {},
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        () -> {},
                        event -> {}),
                new ClearSettings(true, Duration.ofSeconds(5), SETTINGS.quietTime()));
        watcher.alsoReadServicesWhile(clearing::hasFollowUps);
        watcher.refresh();
    }

    @Setup(Level.Invocation)
    public void becomeClearable() {
        cluster.stopVss();
        cluster.askedForShadowCopies.clear();
        cluster.cleared.clear();
        cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
        for (int polls = 0; polls < POLLS; polls++) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
        }
    }

    @TearDown(Level.Iteration)
    public void stop() {
        watcher.close();
    }

    @Benchmark
    public ClearResult clear() {
        ClearResult result = clearing.clear(StubCluster.VOLUME1, OPERATOR);
        if (result.outcome() != Outcome.CLEARED) {
            throw new IllegalStateException("the state should be cleared, and the result is " + result);
        }
        return result;
    }
}
