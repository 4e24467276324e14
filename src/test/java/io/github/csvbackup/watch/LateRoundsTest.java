package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds of the volumes of other nodes that end after the poll that began them, as on any real cluster. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LateRoundsTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    /** The clock moves while a thread that reads a disk may be about to start or to return. */
    private static final Duration NEVER_LATE = Duration.ofDays(1);

    private static final String OTHER = "Cluster Disk 10";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
    private final Semaphore earlyPolls = new Semaphore(0);
    private final ClusterPoll poll = new ClusterPoll(
            cluster,
            evidence,
            new DiskReads(cluster, NEVER_LATE, clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime,
            earlyPolls::release);
    private Snapshot snapshot = Snapshot.initial(clock.instant());

    private void poll() {
        clock.advance(SETTINGS.pollInterval());
        snapshot = SnapshotUpdate.next(SETTINGS, snapshot, poll.run(snapshot, Wanted.NOTHING))
                .snapshot();
    }

    /** Polls until a round of others hangs in its read, lets that poll end, and then the round. */
    private void letARoundEndLate() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        cluster.beforeDisk = disk -> {
            if (disk.equals(OTHER)) {
                reads.incrementAndGet();
                await(goOn);
            }
        };
        // The last of them begins it.
        for (int polls = 0; polls < 6; polls++) {
            poll();
        }
        while (reads.get() == 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        goOn.countDown();
        cluster.beforeDisk = disk -> {};
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin() {
        cluster.own(VOLUME10, "NODE2");
        poll();
        assertThat(snapshot.volumes()).hasSize(2);
    }

    @Test
    void aStateThatALateRoundFindsMakesThePollEarly() throws Exception {
        begin();
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);

        letARoundEndLate();

        earlyPolls.acquire();
        poll();
        assertThat(snapshot.volume(cluster.volumes.get(VOLUME10).key())
                        .orElseThrow()
                        .volume()
                        .backupState())
                .isEqualTo(BackupState.IN_PROGRESS);
    }

    /** An early poll reads the states of all disks, and the volumes of this node. */
    @Test
    void aLateRoundThatFindsNoStateMakesNoPollEarly() throws Exception {
        begin();
        letARoundEndLate();
        Moment before = read10();
        while (read10().equals(before)) {
            poll();
        }
        assertThat(earlyPolls.availablePermits()).isZero();
    }

    private Moment read10() {
        return snapshot.volume(cluster.volumes.get(VOLUME10).key())
                .orElseThrow()
                .read();
    }
}
