package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ids of the shared disks tell clusters apart: a name must not be taken for one. */
@Timeout(60)
class SharedDiskIdsTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);

    private Snapshot poll() {
        clock.advance(SETTINGS.pollInterval());
        return watcher.refresh();
    }

    @Test
    void noIdsAreKnownBeforeTheFirstPoll() {
        assertThat(watcher.snapshot().knowsAllDiskIds()).isFalse();
        assertThat(watcher.snapshot().sharedDisks()).isEmpty();
        assertThat(poll().knowsAllDiskIds()).isTrue();
    }

    @Test
    void aDiskThatWasNeverReadHasNoIdAndItsNameIsNoneEither() {
        cluster.hiddenDisks.add(cluster.volumes.get(VOLUME1).resourceName());

        assertThat(poll().sharedDisks()).containsExactly("id-10");
        assertThat(watcher.snapshot().knowsAllDiskIds()).isFalse();
        assertThat(watcher.snapshot().isBlind()).as("one of two can be read").isFalse();

        cluster.hiddenDisks.clear();
        assertThat(poll().sharedDisks()).containsExactly("id-1", "id-10");
        assertThat(watcher.snapshot().knowsAllDiskIds()).isTrue();
    }

    @Test
    void aDiskThatWasReadBeforeKeepsItsIdWhileItCannotBeRead() {
        poll();
        cluster.hiddenDisks.add(cluster.volumes.get(VOLUME1).resourceName());

        assertThat(poll().sharedDisks()).containsExactly("id-1", "id-10");
        assertThat(watcher.snapshot().knowsAllDiskIds()).isTrue();
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        assertThat(poll().sharedDisks()).as("after a failed poll").containsExactly("id-1", "id-10");
    }
}
