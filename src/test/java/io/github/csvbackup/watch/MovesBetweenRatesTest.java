package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is lost when a volume moves to this node, which reads it at each poll, or away, where it is read once a minute. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovesBetweenRatesTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final String OWN = "Cluster Disk 1";
    private static final String OTHER = "Cluster Disk 10";
    private static final String LAST = "Cluster Disk 11";
    private static final String VOLUME11 = "C:\\ClusterStorage\\Volume11";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final List<WatchEvent> events = new CopyOnWriteArrayList<>();
    /** The disk of another node at which a round waits. */
    private volatile String hangsAt = "";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private Watcher watcher;

    /**
     * Volume1 is owned by this node, Volume10 and Volume11 by another one.
     *
     * @param answersAtOnce false: calls have threads of their own, and answers of rounds come with a later poll
     */
    private void begin(boolean answersAtOnce) {
        cluster.own(VOLUME10, "NODE2");
        cluster.put(new Volume(
                "id-11",
                LAST,
                "NODE2",
                ResourceState.ONLINE,
                VOLUME11,
                StubCluster.guid(11),
                FaultState.NO_FAULTS,
                BackupState.NONE));
        cluster.beforeDisk = disk -> {
            read.add(disk);
            if (disk.equals(hangsAt)) {
                awaitGoOn();
            }
        };
        cluster.answersAtOnce = answersAtOnce;
        watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        watcher.onEvent(events::add);
        watcher.pollOnce();
        read.clear();
    }

    @AfterEach
    void end() {
        goOn.countDown();
        watcher.close();
    }

    private void awaitGoOn() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pollFor(Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 10) {
            poll();
        }
    }

    private void poll() {
        clock.advance(Duration.ofSeconds(10));
        watcher.pollOnce();
    }

    private WatchedVolume watched(String path) {
        return watcher.snapshot().volume(cluster.volumes.get(path).key()).orElseThrow();
    }

    private List<WatchEvent> eventsOf(String path) {
        return events.stream().filter(event -> path.equals(pathOf(event))).toList();
    }

    private static String pathOf(WatchEvent event) {
        if (event instanceof WatchEvent.StateSet set) {
            return set.volume().volume().friendlyPath();
        }
        return event instanceof WatchEvent.StateEnded ended
                ? ended.volume().volume().friendlyPath()
                : "";
    }

    @Test
    void aStateThatWasSetBetweenTwoReadsIsSeenOnceWhenTheVolumeMovesHere() {
        begin(true);
        pollFor(Duration.ofSeconds(20));
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        poll();
        assertThat(read).as("not due yet").doesNotContain(OTHER);

        cluster.own(VOLUME10, "NODE1");
        poll();
        Instant seen = clock.instant();

        assertThat(eventsOf(VOLUME10)).singleElement().isInstanceOf(WatchEvent.StateSet.class);
        pollFor(Duration.ofMinutes(2));
        assertThat(eventsOf(VOLUME10)).hasSize(1);
        assertThat(watched(VOLUME10).since()).isEqualTo(seen);
        assertThat(watched(VOLUME10).observedSince()).isEqualTo(seen);
    }

    @Test
    void aStateKeepsItsTimesWhenTheVolumeMovesAwayAndEndsThere() {
        begin(true);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(40));
        Instant since = watched(VOLUME1).since();
        assertThat(watched(VOLUME1).stale()).isTrue();

        cluster.own(VOLUME1, "NODE2");
        poll();
        assertThat(watched(VOLUME1).observedSince())
                .as("the move may hide the start of another backup")
                .isEqualTo(clock.instant());
        read.clear();
        pollFor(Duration.ofMinutes(1));
        assertThat(read).as("its state is set").filteredOn(OWN::equals).hasSize(6);
        assertThat(watched(VOLUME1).since()).isEqualTo(since);
        assertThat(watched(VOLUME1).stale()).isTrue();
        assertThat(watched(VOLUME1).staleTotal()).isEqualTo(1);

        cluster.set(VOLUME1, BackupState.NONE);
        poll();
        read.clear();
        pollFor(Duration.ofMinutes(10));

        assertThat(eventsOf(VOLUME1))
                .hasExactlyElementsOfTypes(WatchEvent.StateSet.class, WatchEvent.StateEnded.class)
                .last()
                .extracting(event -> ((WatchEvent.StateEnded) event).lasted())
                .isEqualTo(Duration.ofMinutes(41).plusSeconds(10));
        assertThat(watched(VOLUME1).staleTotal()).isEqualTo(1);
        assertThat(read).as("slow again").filteredOn(OWN::equals).hasSize(10);
    }

    /** Before the deadline of the disk that hangs. */
    private void pollSoon() {
        clock.advance(Duration.ofSeconds(1));
        watcher.pollOnce();
    }

    /** A round of reads of other nodes' volumes has begun; it hangs at this disk. */
    private void beginARoundThatHangsAt(String disk) {
        hangsAt = disk;
        clock.advance(Duration.ofMinutes(1));
        watcher.pollOnce();
        while (!read.contains(disk)) {
            Thread.onSpinWait();
        }
    }

    private void endTheRound() {
        Moment before = watched(VOLUME11).read();
        hangsAt = "";
        goOn.countDown();
        while (!before.isBefore(watched(VOLUME11).read())) {
            watcher.pollOnce();
        }
    }

    @Test
    void aVolumeThatMovesHereDuringARoundIsReadAtTheNextPollAndNotAsTheRoundSawIt() {
        begin(false);
        beginARoundThatHangsAt(LAST);
        assertThat(read).as("the round saw no state").contains(OTHER);
        cluster.own(VOLUME10, "NODE1");
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);

        pollSoon();
        Instant seen = clock.instant();
        assertThat(watched(VOLUME10).since()).isEqualTo(seen);
        pollSoon();
        endTheRound();

        assertThat(eventsOf(VOLUME10)).singleElement().isInstanceOf(WatchEvent.StateSet.class);
        assertThat(watched(VOLUME10).since()).isEqualTo(seen);
        assertThat(watched(VOLUME10).observedSince()).isEqualTo(seen);
    }

    @Test
    void aStateThatEndsHereWhileARoundThatSawItIsPendingEndsOnce() {
        begin(false);
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        beginARoundThatHangsAt(LAST);
        assertThat(read).as("the round saw the state").contains(OTHER);
        cluster.own(VOLUME10, "NODE1");
        pollSoon();
        assertThat(watched(VOLUME10).since()).isEqualTo(clock.instant());
        cluster.set(VOLUME10, BackupState.NONE);
        pollSoon();
        cluster.own(VOLUME10, "NODE2");
        pollSoon();
        assertThat(watched(VOLUME10).fast()).as("away, and slow again").isFalse();
        endTheRound();

        assertThat(eventsOf(VOLUME10))
                .hasExactlyElementsOfTypes(WatchEvent.StateSet.class, WatchEvent.StateEnded.class);
        assertThat(watched(VOLUME10).volume().backupState()).isEqualTo(BackupState.NONE);
    }

    @Test
    void aVolumeThatMovesAwayDuringARoundIsReadByTheNextOne() {
        begin(false);
        beginARoundThatHangsAt(LAST);
        cluster.own(VOLUME1, "NODE2");
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollSoon();
        endTheRound();
        assertThat(eventsOf(VOLUME1)).as("not in that round").isEmpty();

        clock.advance(Duration.ofMinutes(1));
        while (eventsOf(VOLUME1).isEmpty()) {
            watcher.pollOnce();
        }
        assertThat(eventsOf(VOLUME1)).singleElement().isInstanceOf(WatchEvent.StateSet.class);
    }
}
