package io.github.csvbackup.guard;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An assessment of a clearable volume in a cluster of 64 nodes: all checks are evaluated. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GuardBenchmark {
    private static final int NODES = 64;
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final Guard guard = new Guard(SETTINGS);
    private Snapshot snapshot;
    private WatchedVolume volume;

    @Setup
    public void becomeClearable() {
        StubCluster cluster = new StubCluster();
        ServiceStatus stopped = new ServiceStatus(ServiceStatus.STOPPED, null, null);
        for (int i = 1; i <= NODES; i++) {
            String node = "NODE" + i;
            cluster.nodes.put(node, new Node(node, NodeState.UP, 0));
            cluster.services.put(node, stopped);
            cluster.softwareProviders.put(node, stopped);
            cluster.shadowCopies.put(node, List.of());
        }
        NodeEvidence evidence =
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        try (Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime)) {
            watcher.refresh();
            cluster.set(StubCluster.VOLUME1, BackupState.IN_PROGRESS);
            for (int polls = 0; polls < 20; polls++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.refresh();
            }
            snapshot = watcher.snapshot();
        }
        volume = snapshot.volume(cluster.volumes.get(StubCluster.VOLUME1).key()).orElseThrow();
        Verdict verdict = assess().verdict();
        if (verdict != Verdict.CLEARABLE) {
            throw new IllegalStateException("the volume should be clearable and is " + verdict);
        }
    }

    @Benchmark
    public Assessment assess() {
        return guard.assess(snapshot, volume, clock.instant());
    }
}
