package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.QuietCluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes a scrape allocates if nothing has changed since the last one, with a poll between them. */
class ScrapeAllocationTest {
    private static final int VOLUMES = 1000;
    private static final int SCRAPES = 40;
    /** 556,000 to 616,000 plain and 571,000 to 607,000 gzip on JDK 17, 453,000 and 475,000 on JDK 25; the text has 908,000. */
    private static final int MOST_BYTES = 700_000;

    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private static long bytesPerScrape(int volumes, ScrapeFormat format) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MovableClock clock = new MovableClock();
        Cluster cluster = new QuietCluster(64, volumes);
        ClearCounts none = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE);
        try (Watcher watcher = new Watcher(
                        cluster,
                        new NodeEvidence(
                                cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                        SETTINGS,
                        clock,
                        clock::nanoTime);
                AgentMetrics metrics = new AgentMetrics(
                        new AgentMetrics.AgentFacts("1.2.3", "simulated", false),
                        watcher,
                        new Guard(SETTINGS),
                        () -> none,
                        Map::of,
                        () -> Leftovers.none(Leftovers.Answer.NOT_ASKED),
                        () -> new AuditStatus(new Mark(12, "0a"), 0, null),
                        SETTINGS,
                        new PollDurations(),
                        new HttpCounts(),
                        new Supervisor(),
                        clock)) {
            long bytes = 0;
            for (int i = 0; i < 2 * SCRAPES; i++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.pollOnce();
                long before = threads.getCurrentThreadAllocatedBytes();
                assertThat(metrics.scrape(format).length()).isPositive();
                bytes += i < SCRAPES ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
            }
            return bytes / SCRAPES;
        }
    }

    @Test
    void anUnchangedScrapeDoesNotMakeItsTextAgain() {
        long plain = bytesPerScrape(VOLUMES, ScrapeFormat.PLAIN);
        long gzip = bytesPerScrape(VOLUMES, new ScrapeFormat(true, true));

        System.out.println("bytes per unchanged scrape at 1,000 volumes: " + plain + " plain, " + gzip + " gzip");
        assertThat(plain).isLessThan(MOST_BYTES);
        assertThat(gzip).isLessThan(MOST_BYTES);
    }
}
