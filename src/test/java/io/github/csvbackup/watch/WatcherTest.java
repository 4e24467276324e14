package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static io.github.csvbackup.cluster.StubCluster.VOLUME10;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The history over several polls; each poll is a call of refresh under a clock that the test moves. */
class WatcherTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private final ClusterException unavailable = ClusterException.win32("OpenClusterEx", 1722);

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final Watcher watcher = new Watcher(
            cluster,
            new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
            SETTINGS,
            clock,
            clock::nanoTime);
    private final List<WatchEvent> events = new ArrayList<>();

    WatcherTest() {
        watcher.onEvent(events::add);
    }

    private WatchedVolume poll() {
        return watcher.refresh().volumes().get(0);
    }

    private WatchedVolume pollAfter(Duration time) {
        clock.advance(time);
        return poll();
    }

    private WatchedVolume pollFor(Duration time) {
        WatchedVolume last = poll();
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            last = pollAfter(SETTINGS.pollInterval());
        }
        return last;
    }

    @Test
    void remembersWhenTheStateWasFirstSeenSet() {
        poll();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        WatchedVolume set = pollAfter(Duration.ofSeconds(10));
        Instant first = clock.instant();

        WatchedVolume later = pollFor(Duration.ofMinutes(5));

        assertThat(set.since()).isEqualTo(first);
        assertThat(later.since()).isEqualTo(first);
        assertThat(later.observedSince()).isEqualTo(first);
        assertThat(later.lastNone()).isEqualTo(first.minusSeconds(10));
        assertThat(events).singleElement().isInstanceOf(WatchEvent.StateSet.class);
    }

    @Test
    void becomesStaleOnce() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        assertThat(pollFor(Duration.ofMinutes(30)).stale()).isFalse();
        WatchedVolume stale = pollFor(Duration.ofMinutes(5));

        assertThat(stale.stale()).isTrue();
        assertThat(stale.staleTotal()).isEqualTo(1);
        assertThat(pollFor(Duration.ofMinutes(1)).staleTotal()).isEqualTo(1);
    }

    @Test
    void countsHowLongAStateLastedWhenItEnds() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(4));
        cluster.set(VOLUME1, BackupState.NONE);

        WatchedVolume ended = pollAfter(Duration.ofSeconds(10));

        assertThat(ended.since()).isNull();
        assertThat(ended.lastDuration()).isEqualTo(Duration.ofSeconds(250));
        assertThat(watcher.snapshot().ended().sumSeconds()).isEqualTo(250.0);
        assertThat(watcher.snapshot().ended().counts().get(1)).isEqualTo(1);
        assertThat(events)
                .last()
                .isInstanceOfSatisfying(
                        WatchEvent.StateEnded.class,
                        event -> assertThat(event.lasted()).isEqualTo(Duration.ofSeconds(250)));
    }

    @Test
    void startsObservingAgainAfterAFailedPoll() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        Instant since = pollFor(Duration.ofMinutes(1)).since();
        cluster.readFailure = unavailable;
        WatchedVolume unread = pollAfter(Duration.ofSeconds(10));
        cluster.readFailure = null;

        WatchedVolume again = pollAfter(Duration.ofSeconds(10));

        assertThat(unread.isReadable()).isFalse();
        assertThat(unread.observedSince()).isNull();
        assertThat(again.since()).isEqualTo(since);
        assertThat(again.observedSince()).isEqualTo(clock.instant());
        assertThat(watcher.snapshot().pollFailures()).isEqualTo(1);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("StateSet", "PollFailing", "PollRecovered");
    }

    @Test
    void startsObservingAgainAfterAGapAndForgetsSinceAfterFiveMinutes() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        Instant since = poll().since();

        WatchedVolume shortGap = pollAfter(Duration.ofSeconds(21));
        assertThat(shortGap.since()).isEqualTo(since);
        assertThat(shortGap.observedSince()).isEqualTo(clock.instant());

        WatchedVolume longGap = pollAfter(Duration.ofSeconds(301));
        assertThat(longGap.since()).isEqualTo(clock.instant());
        assertThat(longGap.observedSince()).isEqualTo(clock.instant());
    }

    /** Time passes and the clock is set. */
    private WatchedVolume pollAfterStep(Duration step) {
        clock.set(step);
        return pollAfter(SETTINGS.pollInterval());
    }

    private Duration observed() {
        WatchedVolume volume = watcher.snapshot().volumes().get(0);
        return Duration.between(volume.observedSince(), volume.lastRead());
    }

    private Duration vssStopped() {
        ServiceWatch vss = watcher.snapshot().nodeWatches().get("NODE2").vss();
        return Duration.between(vss.stoppedSince(), vss.last().at());
    }

    private void addNode3WhichIsDown() {
        cluster.nodes.put("NODE3", new Node("NODE3", NodeState.DOWN, null));
        cluster.services.put("NODE3", cluster.services.get("NODE2"));
        cluster.softwareProviders.put("NODE3", cluster.services.get("NODE2"));
    }

    private Duration down() {
        Snapshot snapshot = watcher.snapshot();
        return Duration.between(snapshot.downSince().get("NODE3"), snapshot.lastSuccess());
    }

    @ParameterizedTest
    @ValueSource(longs = {-9_000, -1_700, 1_700, 9_000})
    void aSmallStepOfTheClockChangesNoDuration(long millis) {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        addNode3WhichIsDown();
        Instant since = pollFor(Duration.ofMinutes(10)).since();

        WatchedVolume after = pollAfterStep(Duration.ofMillis(millis));

        Duration passed = Duration.ofMinutes(10).plus(SETTINGS.pollInterval());
        assertThat(after.since()).isEqualTo(since);
        assertThat(observed()).isEqualTo(passed);
        assertThat(vssStopped()).isEqualTo(passed);
        assertThat(down()).isEqualTo(passed);
        assertThat(watcher.snapshot().isFresh(clock.instant(), SETTINGS)).isTrue();
        assertThat(events).singleElement().isInstanceOf(WatchEvent.StateSet.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, -10, 10, 3600})
    void aLargeStepOfTheClockEndsTheObservation(long seconds) {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        addNode3WhichIsDown();
        Instant since = pollFor(Duration.ofMinutes(10)).since();

        WatchedVolume after = pollAfterStep(Duration.ofSeconds(seconds));

        assertThat(observed()).isZero();
        assertThat(vssStopped()).isZero();
        assertThat(down()).isZero();
        assertThat(after.since()).isEqualTo(Math.abs(seconds) < 60 ? since : clock.instant());
    }

    /** The monotonic clock of a virtual machine may stop while it is paused. */
    @Test
    void aMachineThatWasPausedHasAGap() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(10));
        clock.set(Duration.ofSeconds(25));

        assertThat(poll().observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void aSnapshotStaysFreshWhenTheClockIsSetBackALittleAndNotWhenItIsSetBackFar() {
        poll();
        Instant read = watcher.snapshot().lastSuccess();

        assertThat(watcher.snapshot().isFresh(read.minusMillis(9_999), SETTINGS))
                .isTrue();
        assertThat(watcher.snapshot().isFresh(read.minusSeconds(10), SETTINGS)).isFalse();
    }

    @Test
    void aStateThatEndsRightAfterTheClockWasSetBackLastedNoTime() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        poll();
        cluster.set(VOLUME1, BackupState.NONE);
        clock.set(Duration.ofSeconds(-9));

        assertThat(pollAfter(Duration.ofSeconds(1)).lastDuration()).isZero();
        assertThat(watcher.snapshot().ended().total()).isEqualTo(1);
        assertThat(watcher.snapshot().ended().sumSeconds()).isZero();
    }

    @Test
    void aDiskThatHangsMakesNoGapForTheOthersAndStartsItsOwnObservationAgain() throws Exception {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.set(VOLUME10, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(10));
        Instant begun = watcher.snapshot().volumes().get(0).observedSince();
        CountDownLatch release = new CountDownLatch(1);
        cluster.beforeDisk = disk -> {
            if (disk.equals("Cluster Disk 1")) {
                clock.advance(SETTINGS.callDeadline().plusSeconds(1));
                awaitQuietly(release);
            }
        };
        for (int polls = 0; polls < 5; polls++) {
            pollAfter(SETTINGS.pollInterval());
        }
        Snapshot during = watcher.snapshot();

        assertThat(during.pollError()).isNull();
        assertThat(during.unreadable()).extracting(UnreadableDisk::resource).containsExactly("id-1");
        WatchedVolume hung = during.volume(cluster.volumes.get(VOLUME1).key()).orElseThrow();
        assertThat(hung.problem().message()).isEqualTo("reading Cluster Disk 1 has not returned for 46 s");
        assertThat(hung.observedSince()).isNull();
        assertThat(during.volume(cluster.volumes.get(VOLUME10).key())
                        .orElseThrow()
                        .observedSince())
                .isEqualTo(begun);
        release.countDown();
        while (watcher.snapshot().unreadable().size() > 0) {
            poll();
        }
        assertThat(watcher.snapshot()
                        .volume(cluster.volumes.get(VOLUME1).key())
                        .orElseThrow()
                        .observedSince())
                .isEqualTo(clock.instant());
    }

    @Test
    void startsObservingAgainWhenTheOwnerChanges() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(1));
        cluster.own(VOLUME1, "NODE2");

        assertThat(pollAfter(Duration.ofSeconds(10)).observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void startsObservingAgainAfterTheResourceLeftOnline() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        Volume online = pollFor(Duration.ofMinutes(1)).volume();
        cluster.put(new Volume(
                online.resourceId(),
                online.resourceName(),
                online.ownerNode(),
                ResourceState.OFFLINE,
                online.friendlyPath(),
                online.guidName(),
                online.faultState(),
                online.backupState()));
        pollAfter(Duration.ofSeconds(10));
        cluster.put(online);

        assertThat(pollAfter(Duration.ofSeconds(10)).observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void startsObservingAgainAfterAVolumeCouldNotBeRead() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(1));
        cluster.unreadable.add(
                new UnreadableDisk("id-1", "Cluster Disk 1", ClusterException.win32("ClusterResourceControl", 5004)));
        clock.advance(Duration.ofSeconds(10));
        WatchedVolume unread =
                watcher.refresh().volume(cluster.volumes.get(VOLUME1).key()).orElseThrow();
        cluster.unreadable.clear();

        assertThat(unread.problem()).isNotNull();
        assertThat(pollAfter(Duration.ofSeconds(10)).observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void forgetsAVolumeThatTheClusterDoesNotListAnyMore() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(1));
        Volume gone = cluster.volumes.remove(VOLUME1);
        clock.advance(Duration.ofSeconds(10));
        assertThat(watcher.refresh().volumes()).hasSize(1);
        cluster.put(gone);
        clock.advance(Duration.ofSeconds(10));

        WatchedVolume back = watcher.refresh().volume(gone.key()).orElseThrow();

        assertThat(back.observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void startsObservingAgainAfterAHungPoll() {
        CountDownLatch hung = new CountDownLatch(1);
        WatchSettings impatient = new WatchSettings(
                SETTINGS.pollInterval(), SETTINGS.staleAfter(), SETTINGS.quietTime(), Duration.ofSeconds(1));
        Watcher watched = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                impatient,
                clock,
                clock::nanoTime);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        Instant since = watched.refresh().volumes().get(0).since();
        cluster.beforeReading = () -> awaitQuietly(hung);
        try {
            clock.advance(SETTINGS.pollInterval());
            Snapshot during = watched.refresh();
            assertThat(during.pollError()).isNotNull();
            assertThat(during.pollError().message()).contains("reading the cluster");
            assertThat(during.volumes().get(0).observedSince()).isNull();
        } finally {
            cluster.beforeReading = () -> {};
            hung.countDown();
        }

        clock.advance(SETTINGS.pollInterval());
        WatchedVolume after = watched.refresh().volumes().get(0);

        assertThat(after.since()).isEqualTo(since);
        assertThat(after.observedSince()).isEqualTo(clock.instant());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void keepsAnUnknownStateAsANumberAndObservesNothing() {
        cluster.set(VOLUME1, new BackupState(7));

        WatchedVolume odd = poll();

        assertThat(odd.volume().backupState()).hasToString("7");
        assertThat(odd.observedSince()).isNull();
        assertThat(odd.stale()).isFalse();
    }

    @Test
    void looksAtTheServicesOnlyWhileAStateIsSetAndRemembersSinceWhenTheyAreStopped() {
        poll();
        assertThat(watcher.snapshot().nodeWatches()).isEmpty();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollAfter(Duration.ofSeconds(10));
        Instant first = clock.instant();
        pollFor(Duration.ofMinutes(1));
        assertThat(watcher.snapshot().nodeWatches().get("NODE2").vss().stoppedSince())
                .isEqualTo(first);

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollAfter(Duration.ofSeconds(10));

        assertThat(watcher.snapshot().nodeWatches().get("NODE2").vss().stoppedSince())
                .isNull();
        assertThat(watcher.snapshot().nodeWatches().get("NODE1").vss().stoppedSince())
                .isEqualTo(first);
    }

    @Test
    void asksForShadowCopiesOnlyWhereVssRunsAndAtMostOnceInFifteenMinutes() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(1));
        assertThat(cluster.askedForShadowCopies).isEmpty();

        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        pollFor(Duration.ofMinutes(14));
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE2");

        pollFor(Duration.ofMinutes(2));
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE2", "NODE2");
    }

    /** Two nodes are asked for two services each, so the clock moves four times a poll. */
    @Test
    void aNodeThatTakesAllOfItsTimeToAnswerMakesNoGap() {
        poll();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        poll();
        Instant first = clock.instant();
        Duration answers = SETTINGS.serviceDeadline();
        cluster.onService = () -> clock.advance(answers.dividedBy(4));

        for (int polls = 0; polls < 100; polls++) {
            clock.advance(Duration.ofNanos(PollTurns.pauseNanos(
                    SETTINGS.pollInterval().toNanos(),
                    SETTINGS.serviceDeadline().toNanos())));
            poll();
        }

        assertThat(watcher.snapshot().volumes().get(0).observedSince()).isEqualTo(first);
        assertThat(watcher.snapshot().nodeWatches().get("NODE1").vss().stoppedSince())
                .isBefore(first.plus(SETTINGS.gap()));
    }

    @Test
    void fromTheBeginningOfOnePollToThatOfTheNextItIsAnIntervalIfTimeIsLeftForAPause() {
        long second = Duration.ofSeconds(1).toNanos();

        assertThat(PollTurns.pauseNanos(10 * second, 2 * second)).isEqualTo(8 * second);
        assertThat(PollTurns.pauseNanos(10 * second, 30 * second)).isEqualTo(second);
        assertThat(PollTurns.pauseNanos(second / 10, 30 * second)).isEqualTo(second / 10);
    }

    @Test
    void aNodeThatHangsLeavesTimeForTheNextReadWithinAGap() {
        for (long millis : List.of(100, 1_000, 2_500, 3_000, 5_000, 10_000, 60_000)) {
            WatchSettings settings = new WatchSettings(
                    Duration.ofMillis(millis), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(10));
            Duration fromReadToRead = settings.serviceDeadline()
                    .plusNanos(PollTurns.pauseNanos(
                            settings.pollInterval().toNanos(),
                            settings.serviceDeadline().toNanos()));

            assertThat(fromReadToRead)
                    .as("%s ms", millis)
                    .isLessThan(settings.gap().minusMillis(500));
        }
    }

    @Test
    @Timeout(60)
    void noPollWaitsForAListOfShadowCopiesAndItsAnswerBringsTheNextPollForward() throws Exception {
        WatchSettings hourly = new WatchSettings(
                Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(50));
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch listed = new CountDownLatch(1);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.onShadowCopies = () -> awaitQuietly(answer);
        try (Watcher slow = new Watcher(
                cluster,
                new NodeEvidence(cluster, hourly.serviceDeadline(), hourly.callDeadline(), clock, clock::nanoTime),
                hourly,
                clock,
                clock::nanoTime)) {
            slow.onSnapshot(snapshot -> {
                first.countDown();
                if (snapshot.nodeWatches().get("NODE2").shadowCopies() != null) {
                    listed.countDown();
                }
            });
            slow.start();
            first.await();
            assertThat(listed.getCount()).isEqualTo(1);

            answer.countDown();

            listed.await();
            assertThat(slow.snapshot().nodeWatches().get("NODE2").shadowCopiesProcess())
                    .isEqualTo(77L);
            assertThat(cluster.askedForShadowCopies).containsExactly("NODE2");
        }
    }

    @Test
    @Timeout(60)
    void aListOfShadowCopiesThatNeverComesIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        cluster.onShadowCopies = () -> awaitQuietly(never);
        Watcher watched = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), Duration.ofMillis(1), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        try {
            watched.refresh();
            clock.advance(Duration.ofMinutes(15));
            cluster.onShadowCopies = () -> {};

            watched.refresh();

            assertThat(cluster.askedForShadowCopies).containsExactly("NODE2");
            assertThat(watched.snapshot().nodeWatches().get("NODE2").shadowCopies())
                    .isNotNull();
        } finally {
            never.countDown();
        }
    }

    /** A query would start VSS or keep it running. */
    @Test
    void servicesThatAreWantedAreReadThoughNoStateIsSetAndNoNodeIsAskedForShadowCopies() {
        AtomicBoolean wanted = new AtomicBoolean(true);
        watcher.alsoReadServicesWhile(wanted::get);
        cluster.services.put("NODE2", new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        poll();
        assertThat(watcher.snapshot().nodeWatches().get("NODE2").vss().status())
                .isEqualTo(new ServiceStatus(ServiceStatus.RUNNING, 77L, null));
        assertThat(cluster.askedForShadowCopies).isEmpty();

        wanted.set(false);
        pollAfter(SETTINGS.pollInterval());

        assertThat(watcher.snapshot().nodeWatches()).isEmpty();
    }

    @Test
    void aDiskThatWasNeverReadIsKnownAndToldOnce() {
        UnreadableDisk disk = new UnreadableDisk("Cluster Disk 7", "Cluster Disk 7", unavailable);
        cluster.unreadable.add(disk);
        poll();
        pollAfter(SETTINGS.pollInterval());
        assertThat(watcher.snapshot().unreadable()).containsExactly(disk);
        assertThat(watcher.snapshot().pollError()).isNull();
        cluster.readFailure = unavailable;
        pollAfter(SETTINGS.pollInterval());
        assertThat(watcher.snapshot().unreadable())
                .as("what a failed poll knows")
                .containsExactly(disk);
        cluster.readFailure = null;
        cluster.unreadable.clear();

        pollAfter(SETTINGS.pollInterval());

        assertThat(watcher.snapshot().unreadable()).isEmpty();
        assertThat(events)
                .filteredOn(event ->
                        event instanceof WatchEvent.DisksUnreadable || event instanceof WatchEvent.DisksRecovered)
                .containsExactly(
                        new WatchEvent.DisksUnreadable(List.of(disk)),
                        new WatchEvent.DisksRecovered(List.of("Cluster Disk 7")));
    }

    private Watcher restarted() {
        Watcher again = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        again.restoreState(Watcher.saveState(watcher.snapshot()));
        again.onEvent(events::add);
        return again;
    }

    @Test
    void sinceAndCountersSurviveARestartAndTheObservationDoesNot() {
        poll();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        WatchedVolume before = pollFor(Duration.ofMinutes(40));
        events.clear();

        Watcher again = restarted();
        assertThat(again.snapshot().volumes().get(0).isReadable()).isFalse();
        clock.advance(Duration.ofMinutes(4));
        WatchedVolume after = again.refresh().volumes().get(0);

        assertThat(after.since()).isEqualTo(before.since());
        assertThat(after.staleTotal()).isEqualTo(1);
        assertThat(after.lastNone()).isEqualTo(before.lastNone());
        assertThat(after.observedSince()).isEqualTo(clock.instant());
        assertThat(events).as("neither set nor stale anew").isEmpty();

        cluster.set(VOLUME1, BackupState.NONE);
        clock.advance(Duration.ofSeconds(10));
        again.refresh();
        assertThat(again.snapshot().ended().total()).isEqualTo(1);
    }

    @Test
    void durationsSurviveARestartAndTheirTotalsTheRemovalOfTheVolume() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(4));
        cluster.set(VOLUME1, BackupState.NONE);
        pollAfter(Duration.ofSeconds(10));

        Watcher again = restarted();
        assertThat(again.snapshot().volumes().get(0).lastDuration()).isEqualTo(Duration.ofSeconds(250));
        assertThat(again.snapshot().ended()).isEqualTo(watcher.snapshot().ended());

        cluster.volumes.remove(VOLUME1);
        again.refresh();
        assertThat(again.snapshot().volumes())
                .noneMatch(watched -> watched.volume().friendlyPath().equals(VOLUME1));
        assertThat(again.snapshot().ended().sumSeconds())
                .as("a counter must not go back")
                .isEqualTo(250.0);
    }

    @ParameterizedTest
    @CsvSource({"-1700, true", "-9000, true", "-20000, false", "-3600000, false"})
    void sinceSurvivesARestartWithAClockThatWasSetBackALittle(long millis, boolean survives) {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        Instant since = pollFor(Duration.ofMinutes(40)).since();

        Watcher again = restarted();
        clock.set(Duration.ofMillis(millis));
        WatchedVolume after = again.refresh().volumes().get(0);

        assertThat(after.since()).isEqualTo(survives ? since : clock.instant());
        assertThat(after.observedSince()).isEqualTo(clock.instant());
    }

    @Test
    void aSinceFromBeforeALongGapIsDropped() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(40));

        Watcher again = restarted();
        clock.advance(Duration.ofMinutes(6));
        WatchedVolume after = again.refresh().volumes().get(0);

        assertThat(after.since()).isEqualTo(clock.instant());
        assertThat(after.stale()).isFalse();
    }

    @Test
    @Timeout(60)
    void aCallBringsTheNextPollForward() throws Exception {
        WatchSettings hourly = new WatchSettings(
                Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        try (Watcher slow = new Watcher(
                cluster,
                new NodeEvidence(cluster, hourly.callDeadline(), hourly.callDeadline(), clock, clock::nanoTime),
                hourly,
                clock,
                clock::nanoTime)) {
            slow.onSnapshot(snapshot -> {
                first.countDown();
                second.countDown();
            });
            slow.start();
            first.await();

            slow.wake();

            second.await();
            assertThat(slow.snapshot().polls()).isEqualTo(2);
        }
    }

    @Test
    void readsHowTheNodesReachTheVolumes() {
        VolumeIoState redirected =
                new VolumeIoState(VOLUME1, StubCluster.guid(1), "NODE1", VolumeIoState.FILE_SYSTEM_REDIRECTED, 0x20, 0);
        cluster.io = List.of(redirected);
        poll();
        while (watcher.snapshot().io() == null) {
            poll();
        }
        assertThat(watcher.snapshot().io().value().states()).containsExactly(redirected);

        cluster.ioFailure = ClusterException.win32("OpenClusterEx", 5);
        pollAfter(Duration.ofSeconds(10));
        while (watcher.snapshot().io().problem() == null) {
            poll();
        }
        assertThat(watcher.snapshot().io().problem().message()).contains("ERROR_ACCESS_DENIED (5)");
        assertThat(watcher.snapshot().pollError()).as("the poll itself").isNull();
    }

    @Test
    void aFailingListenerDoesNotEndTheWatch() {
        watcher.onEvent(event -> {
            throw new IllegalStateException("a broken listener");
        });
        watcher.onSnapshot(snapshot -> {
            throw new NoClassDefFoundError("a worse one");
        });
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        assertThat(poll().since()).isNotNull();
        assertThat(pollAfter(Duration.ofSeconds(10)).since()).isNotNull();
    }
}
