package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.state.StateLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volume1 is owned by this node, Volume10 by another one. A poll every ten seconds; other nodes' volumes every minute. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoRatesTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final String OWN = "Cluster Disk 1";
    private static final String OTHER = "Cluster Disk 10";
    private static final String THIRD = "Cluster Disk 11";

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final List<WatchEvent> events = new ArrayList<>();
    private final Set<VolumeKey> wanted = new HashSet<>();
    private Watcher watcher = watcher();

    private Watcher watcher() {
        return new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
    }

    @BeforeEach
    void poll() {
        cluster.own(VOLUME10, "NODE2");
        cluster.beforeDisk = read::add;
        cluster.answersAtOnce = true;
        pollWithANewWatcher();
    }

    /** Calls have threads of their own, and answers of rounds come with a later poll. */
    private void answerBesidePolls() {
        cluster.answersAtOnce = false;
        pollWithANewWatcher();
    }

    private void pollWithANewWatcher() {
        watcher = watcher();
        watcher.onEvent(events::add);
        watcher.alsoRead(() -> wanted);
        watcher.pollOnce();
        assertThat(read).as("at the start, all").containsExactly(OWN, OTHER);
        read.clear();
    }

    private List<String> readIn(Duration time) {
        read.clear();
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 10) {
            clock.advance(Duration.ofSeconds(10));
            watcher.pollOnce();
        }
        return List.copyOf(read);
    }

    private WatchedVolume volume10() {
        return watcher.snapshot().volume(cluster.volumes.get(VOLUME10).key()).orElseThrow();
    }

    @Test
    void ownVolumesAreReadAtEachPollAndOthersOnceAMinute() {
        readIn(Duration.ofMinutes(10));

        assertThat(read).hasSize(70).filteredOn(OTHER::equals).hasSize(10);
    }

    @Test
    void aStateOfAnotherNodesVolumeIsSeenWithinAMinuteAndThenReadAtEachPoll() {
        readIn(Duration.ofMinutes(1));
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);

        readIn(Duration.ofMinutes(1));

        assertThat(volume10().volume().backupState()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(events).singleElement().isInstanceOf(WatchEvent.StateSet.class);
        assertThat(readIn(Duration.ofMinutes(1))).filteredOn(OTHER::equals).hasSize(6);
        assertThat(volume10().observedSince()).isEqualTo(volume10().since());
        assertThat(volume10().fast()).isTrue();

        cluster.set(VOLUME10, BackupState.NONE);
        readIn(Duration.ofSeconds(10));
        assertThat(events).last().isInstanceOf(WatchEvent.StateEnded.class);
        assertThat(readIn(Duration.ofMinutes(10))).filteredOn(OTHER::equals).hasSize(10);
    }

    @Test
    void aVolumeThatCannotBeReadWhileItsStateIsSetIsReadAtEachPoll() {
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        watcher.refresh();
        cluster.unreadable.add(new UnreadableDisk("id-10", OTHER, ClusterException.win32("OpenClusterResourceEx", 5)));

        assertThat(readIn(Duration.ofMinutes(1))).filteredOn(OTHER::equals).hasSize(6);
        assertThat(volume10().isReadable()).isFalse();
    }

    @Test
    void aDiskThatWasNeverReadIsTriedAtOnceAndThenOnceAMinute() {
        cluster.unreadable.add(
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));
        cluster.ownerOfUnreadable = "NODE2";

        assertThat(readIn(Duration.ofSeconds(10))).contains("Cluster Disk 7");
        assertThat(watcher.snapshot().unreadable()).hasSize(1);
        assertThat(readIn(Duration.ofMinutes(10)))
                .filteredOn("Cluster Disk 7"::equals)
                .hasSize(10);
        assertThat(watcher.snapshot().unreadable()).as("between its reads").hasSize(1);
    }

    @Test
    void aVolumeThatMovesHereIsReadAtTheNextPollAndOneThatLeavesHasItsNewOwner() {
        readIn(Duration.ofSeconds(20));
        cluster.own(VOLUME10, "NODE1");
        cluster.own(VOLUME1, "NODE2");

        assertThat(readIn(Duration.ofSeconds(10))).containsExactly(OTHER);
        assertThat(watcher.snapshot().volumes())
                .extracting(watched -> watched.volume().ownerNode())
                .containsExactly("NODE2", "NODE1");
    }

    @Test
    void aVolumeInWorkIsReadAtEachPoll() {
        wanted.add(cluster.volumes.get(VOLUME10).key());

        assertThat(readIn(Duration.ofMinutes(1))).filteredOn(OTHER::equals).hasSize(6);
    }

    @Test
    void aRefreshReadsItsVolumeOrAll() {
        assertThat(watcher.refresh(List.of(cluster.volumes.get(VOLUME10))).volumes())
                .hasSize(2);
        assertThat(read).containsExactly(OWN, OTHER);
        read.clear();

        watcher.refresh(List.of(cluster.volumes.get(VOLUME1)));
        assertThat(read).containsExactly(OWN);

        watcher.refresh();
        assertThat(read).containsExactly(OWN, OWN, OTHER);
    }

    /** The watch goes on, and the answer of the slow volume is as old as it is. */
    @Test
    void eachVolumeIsFreshByItsOwnRate() {
        clock.advance(Duration.ofSeconds(170));
        assertThat(volume10().isFresh(clock.instant(), SETTINGS))
                .as("within three minutes")
                .isTrue();
        assertThat(watcher.snapshot().volumes().get(0).isFresh(clock.instant(), SETTINGS))
                .as("within a minute")
                .isFalse();

        clock.advance(Duration.ofSeconds(11));
        assertThat(volume10().isFresh(clock.instant(), SETTINGS)).isFalse();
    }

    @Test
    void aVolumeWhoseDiskIsNoLongerListedIsGone() {
        cluster.volumes.remove(VOLUME10);

        readIn(Duration.ofSeconds(10));

        assertThat(watcher.snapshot().volumes()).hasSize(1);
    }

    @Test
    void aVolumeThatLeavesStaysFreshByItsNewRate() {
        cluster.own(VOLUME1, "NODE2");
        readIn(Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(100));

        WatchedVolume moved = watcher.snapshot().volumes().get(0);
        assertThat(moved.fast()).isFalse();
        assertThat(moved.isFresh(clock.instant(), SETTINGS)).isTrue();
    }

    @Test
    void afterARestartAllAreReadAtOnce() {
        List<StateLine> saved = Watcher.saveState(watcher.snapshot());
        try (Watcher restarted = watcher()) {
            restarted.restoreState(saved);
            restarted.pollOnce();

            assertThat(read).containsExactly(OWN, OTHER);
            assertThat(restarted.snapshot().volumes()).allMatch(WatchedVolume::isReadable);
        }
    }

    @Test
    void aFailedPollSaysNothingOfVolumesThatItWouldNotHaveRead() {
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        readIn(Duration.ofSeconds(10));

        assertThat(watcher.snapshot().pollError()).isNotNull();
        assertThat(watcher.snapshot().volumes().get(0).isReadable()).isFalse();
        assertThat(volume10().isReadable()).isTrue();
        cluster.readFailure = null;
        assertThat(readIn(Duration.ofSeconds(10))).containsExactly(OWN);
        assertThat(watcher.snapshot().volumes()).allMatch(WatchedVolume::isReadable);
    }

    @Test
    void aDiskThatIsNotOnlineIsReadAtEachPoll() {
        Volume volume = cluster.volumes.get(VOLUME10);
        cluster.volumes.put(
                VOLUME10,
                new Volume(
                        volume.resourceId(),
                        volume.resourceName(),
                        volume.ownerNode(),
                        new ResourceState(3),
                        volume.friendlyPath(),
                        volume.guidName(),
                        volume.faultState(),
                        volume.backupState()));

        readIn(Duration.ofSeconds(10));

        assertThat(volume10().volume().resourceState().isOnline()).isFalse();
    }

    /** A round that was not collected for long, because polls failed meanwhile. */
    @Test
    void whatARoundFoundIsDatedByTheMomentItAsked() {
        Volume volume = cluster.volumes.get(VOLUME10);
        Instant asked = clock.instant();
        Moment answered = Moment.now(clock, clock::nanoTime);
        clock.advance(Duration.ofHours(1));

        WatchedVolume late = afterAPollThatGot(volume, asked, answered, watcher.snapshot());

        assertThat(late.lastNone()).isEqualTo(asked);
        assertThat(late.lastRead()).isEqualTo(answered.at());
    }

    private void diskOfNode2(int number) {
        cluster.put(new Volume(
                "id-" + number,
                "Cluster Disk " + number,
                "NODE2",
                ResourceState.ONLINE,
                "C:\\ClusterStorage\\Volume" + number,
                StubCluster.guid(number),
                FaultState.NO_FAULTS,
                BackupState.NONE));
    }

    private void anotherDisk() {
        diskOfNode2(11);
        watcher.refresh();
    }

    private WatchedVolume volume11() {
        return watcher.snapshot().volumes().get(2);
    }

    /** Volume10 answers with what is prepared, then the round hangs; meanwhile Volume10 is quiet and is read again. */
    private void refreshDuringARound(CountDownLatch goOn) {
        cluster.beforeDisk = disk -> {
            read.add(disk);
            if (disk.equals(THIRD)) {
                awaitUninterruptibly(goOn);
            }
        };
        read.clear();
        clock.advance(Duration.ofMinutes(1));
        watcher.pollOnce();
        while (!read.contains(THIRD)) {
            Thread.onSpinWait();
        }
        assertThat(read).as("answered first").contains(OTHER);
        cluster.unreadable.clear();
        cluster.set(VOLUME10, BackupState.NONE);
        clock.advance(Duration.ofSeconds(1));
        watcher.refresh(List.of(volume10().volume()));
        assertThat(volume10().isReadable()).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pollUntilVolume11IsReadAgain(Moment before) {
        while (!before.isBefore(volume11().read())) {
            watcher.pollOnce();
        }
    }

    @Test
    void anOlderStateDoesNotReplaceANewerOne() {
        answerBesidePolls();
        anotherDisk();
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        CountDownLatch goOn = new CountDownLatch(1);
        Moment before = volume11().read();
        refreshDuringARound(goOn);
        Moment fresh = volume10().read();

        goOn.countDown();
        pollUntilVolume11IsReadAgain(before);

        assertThat(volume10().volume().backupState()).isEqualTo(BackupState.NONE);
        assertThat(volume10().read()).isEqualTo(fresh);
    }

    @Test
    void anOlderFailureDoesNotReplaceANewerState() {
        answerBesidePolls();
        anotherDisk();
        cluster.ownerOfUnreadable = "NODE2";
        cluster.unreadable.add(new UnreadableDisk("id-10", OTHER, ClusterException.win32("OpenClusterResourceEx", 5)));
        CountDownLatch goOn = new CountDownLatch(1);
        Moment before = volume11().read();
        refreshDuringARound(goOn);

        goOn.countDown();
        pollUntilVolume11IsReadAgain(before);

        assertThat(volume10().isReadable()).isTrue();
        assertThat(watcher.snapshot().unreadable()).isEmpty();
    }

    /** A poll neither waits for a round at the slower rate that hangs, nor lacks threads for its own disk. */
    @Test
    void aRoundThatHangsDelaysNoPoll() {
        answerBesidePolls();
        for (int number = 20; number < 32; number++) {
            diskOfNode2(number);
        }
        watcher.refresh();
        CountDownLatch goOn = new CountDownLatch(1);
        cluster.beforeDisk = disk -> {
            read.add(disk);
            if (!disk.equals(OWN)) {
                awaitUninterruptibly(goOn);
            }
        };
        try {
            List<String> own = readIn(Duration.ofMinutes(2));
            // Each hung call makes the round start one more thread, until it has all of its threads.
            while (read.stream().filter(disk -> !disk.equals(OWN)).count() < 8) {
                clock.advance(Duration.ofSeconds(10));
                watcher.pollOnce();
            }
            watcher.pollOnce();

            assertThat(own).filteredOn(OWN::equals).hasSize(12);
            assertThat(watcher.snapshot().pollError()).isNull();
            assertThat(watcher.snapshot().volumes().get(0).isReadable()).isTrue();
        } finally {
            goOn.countDown();
        }
    }

    /** Between polls that were interrupted for longer than an answer counts, and the next answers. */
    @Test
    void ioStatesAreDroppedWhenTheyAreOldByTheRateOfTheirDisk() {
        answerBesidePolls();
        cluster.io = List.of(
                new VolumeIoState(VOLUME1, StubCluster.guid(1), "NODE1", VolumeIoState.PAUSED, 0, 0),
                new VolumeIoState(VOLUME10, StubCluster.guid(10), "NODE1", VolumeIoState.PAUSED, 0, 0));
        readIn(Duration.ofMinutes(1));
        while (ioStates().size() < 2) {
            readIn(Duration.ofSeconds(10));
        }
        CountDownLatch goOn = new CountDownLatch(1);
        cluster.beforeIo = () -> awaitUninterruptibly(goOn);
        try {
            clock.advance(SETTINGS.freshFor().plusSeconds(1));
            watcher.pollOnce();

            assertThat(ioStates()).extracting(VolumeIoState::friendlyPath).containsExactly(VOLUME10);
        } finally {
            goOn.countDown();
        }
    }

    /** Such a poll has not read how the nodes reach these disks, although it has none to read at the slower rate. */
    @Test
    void pollsThatDoNotKnowOwnersDoNotPutOffTheIoStatesOfOthers() {
        AtomicInteger ioReads = new AtomicInteger();
        cluster.beforeIo = ioReads::incrementAndGet;
        int polls = 18;
        for (int poll = 0; poll < polls; poll++) {
            if (poll % 2 == 0) {
                cluster.hiddenDisks.add(OTHER);
            } else {
                cluster.hiddenDisks.remove(OTHER);
            }
            readIn(Duration.ofSeconds(10));
        }

        assertThat(ioReads)
                .as("the own disk at each poll, and the other each minute")
                .hasValue(polls + 3);
    }

    /** A node that owns no volume does not wait for the answers of others. */
    @Test
    void afterALongGapIoStatesAreUnknownAndNotEmpty() {
        answerBesidePolls();
        cluster.own(VOLUME1, "NODE2");
        cluster.io = List.of(new VolumeIoState(VOLUME10, StubCluster.guid(10), "NODE1", VolumeIoState.PAUSED, 0, 0));
        readIn(Duration.ofMinutes(1));
        while (ioStates().isEmpty()) {
            readIn(Duration.ofSeconds(10));
        }
        CountDownLatch goOn = new CountDownLatch(1);
        cluster.beforeIo = () -> awaitUninterruptibly(goOn);
        try {
            clock.advance(SETTINGS.freshForOthers().plusSeconds(1));
            watcher.pollOnce();

            assertThat(watcher.snapshot().io()).isNull();
        } finally {
            goOn.countDown();
        }
    }

    private List<VolumeIoState> ioStates() {
        NodeAnswer<IoReading> io = watcher.snapshot().io();
        return io == null || io.value() == null ? List.of() : io.value().states();
    }

    private WatchedVolume afterAPollThatGot(Volume volume, Instant asked, Moment answered, Snapshot before) {
        Moment now = Moment.now(clock, clock::nanoTime);
        ClusterReading reading = new ClusterReading(
                "CLUSTER",
                "NODE1",
                List.of(new Node("NODE1", NodeState.UP, 0)),
                List.of(new ClusterReading.ListedDisk(
                        volume.resourceName(),
                        new SharedDisk(
                                volume.resourceId(), volume.resourceName(), volume.ownerNode(), volume.resourceState()),
                        new DiskAnswer<>(
                                volume.resourceName(), volume.resourceId(), List.of(volume), null, asked, answered))));
        PollResult poll = new PollResult(now, now, reading, now, null, Map.of(), Map.of(), Map.of(), null);
        return SnapshotUpdate.next(SETTINGS, before, poll)
                .snapshot()
                .volume(volume.key())
                .orElseThrow();
    }
}
