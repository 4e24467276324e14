package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.QuietCluster;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many bytes a poll allocates while nothing changes. The cluster's answers are made before. */
class PollAllocationTest {
    private static final int POLLS = 60;
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private static long bytesPerPoll(int volumes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MovableClock clock = new MovableClock();
        Cluster cluster = new QuietCluster(64, volumes);
        try (Watcher watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime)) {
            for (int i = 0; i < POLLS; i++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.pollOnce();
            }
            assertThat(watcher.snapshot().volumes()).hasSize(volumes);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < POLLS; i++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.pollOnce();
            }
            return (threads.getCurrentThreadAllocatedBytes() - before) / POLLS;
        }
    }

    @Test
    void aPollAllocatesLittleAndInProportionToTheVolumes() {
        long ten = bytesPerPoll(10);
        long hundred = bytesPerPoll(100);
        long thousand = bytesPerPoll(1000);

        System.out.println(
                "bytes per poll: " + ten + " at 10 volumes, " + hundred + " at 100, " + thousand + " at 1,000");
        assertThat(thousand).isLessThan(1_000_000);
        assertThat(thousand).isLessThan(12 * hundred);
    }
}
