package io.github.csvbackup.watch;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For how long this node's services are told to be stopped. */
class OwnServicesTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(10));
    private static final ServiceStatus STOPPED = new ServiceStatus(ServiceStatus.STOPPED, null, null);
    private static final ServiceStatus RUNNING = new ServiceStatus(ServiceStatus.RUNNING, 77L, null);

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final List<String> reads = new ArrayList<>();
    private Watcher watcher;

    @BeforeEach
    void start() {
        cluster.answersAtOnce = true;
        cluster.beforeService = reads::add;
        watcher = started();
        watcher.pollOnce();
    }

    private Watcher started() {
        return new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.serviceDeadline(), Duration.ofSeconds(35), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
    }

    private void pollFor(Duration time) {
        for (long i = 0; i < time.dividedBy(SETTINGS.pollInterval()); i++) {
            clock.advance(SETTINGS.pollInterval());
            watcher.pollOnce();
        }
    }

    private OwnServices.Both ask() {
        return watcher.ownServices().forQuestion("NODE1");
    }

    private Duration vssStoppedFor() {
        PeerEvidence.Seen vss = ask().vss();
        assertThat(vss.status()).isEqualTo(STOPPED);
        return vss.stoppedFor();
    }

    @Test
    void pollsThatReadItForTheirOwnVolumesCount() {
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(10));

        clock.advance(Duration.ofSeconds(7));

        assertThat(ask())
                .isEqualTo(new OwnServices.Both(
                        new PeerEvidence.Seen(STOPPED, Duration.ofSeconds(9 * 60 + 50 + 7), null),
                        new PeerEvidence.Seen(STOPPED, Duration.ofSeconds(9 * 60 + 50 + 7), null)));
    }

    @Test
    void aFirstLookProvesNoTime() {
        assertThat(vssStoppedFor()).isZero();
    }

    @Test
    void eachServiceHasARowOfItsOwn() {
        ask();
        pollFor(Duration.ofMinutes(1));
        cluster.softwareProviders.put("NODE1", RUNNING);
        pollFor(Duration.ofMinutes(1));
        cluster.softwareProviders.put("NODE1", STOPPED);
        pollFor(Duration.ofMinutes(1));

        OwnServices.Both both = ask();

        assertThat(both.vss().stoppedFor()).isEqualTo(Duration.ofMinutes(3));
        assertThat(both.softwareProvider().stoppedFor()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void aServiceThatRunsHasNotBeenStopped() {
        ask();
        pollFor(Duration.ofMinutes(5));
        cluster.services.put("NODE1", RUNNING);

        assertThat(ask().vss()).isEqualTo(new PeerEvidence.Seen(RUNNING, Duration.ZERO, null));
        cluster.services.put("NODE1", STOPPED);
        assertThat(vssStoppedFor()).isZero();
    }

    @Test
    void aReadThatFailsBeginsTheTimeAgain() {
        ask();
        pollFor(Duration.ofMinutes(5));
        cluster.silentServices.add("NODE1");
        PeerEvidence.Seen silent = ask().vss();
        assertThat(silent.status()).isNull();
        assertThat(silent.stoppedFor()).isZero();
        assertThat(silent.problem()).isNotNull();
        cluster.silentServices.clear();

        assertThat(vssStoppedFor()).isZero();
        pollFor(Duration.ofMinutes(1));
        assertThat(vssStoppedFor()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aGapBetweenReadsBeginsTheTimeAgain() {
        ask();
        pollFor(Duration.ofMinutes(5));
        clock.advance(SETTINGS.gap());
        assertThat(vssStoppedFor()).isEqualTo(Duration.ofMinutes(5).plus(SETTINGS.gap()));

        clock.advance(SETTINGS.gap().plusNanos(1));

        assertThat(vssStoppedFor()).isZero();
    }

    /** A machine that was suspended looks like a clock that was set forward. */
    @Test
    void aClockThatWasSetBeginsTheTimeAgain() {
        ask();
        pollFor(Duration.ofMinutes(5));
        clock.set(SETTINGS.gap());

        assertThat(vssStoppedFor()).isZero();
    }

    @Test
    void aRestartOfTheAgentBeginsTheTimeAgain() {
        ask();
        pollFor(Duration.ofMinutes(5));
        watcher = started();
        watcher.pollOnce();

        assertThat(vssStoppedFor()).isZero();
    }

    @Test
    void pollsReadThisNodeAloneForTwentyMinutesAfterAQuestion() {
        pollFor(Duration.ofMinutes(1));
        assertThat(reads).as("without a question").isEmpty();
        ask();
        reads.clear();

        pollFor(Duration.ofMinutes(19).plusSeconds(50));
        assertThat(reads).hasSize(2 * 119).containsOnly("NODE1");
        reads.clear();
        pollFor(Duration.ofMinutes(5));

        assertThat(reads).isEmpty();
        assertThat(watcher.snapshot().nodeWatches()).isEmpty();
    }

    /** The guard does not use what polls read for others. */
    @Test
    void whileAStateIsSetThePollsReadAllNodesOnce() {
        ask();
        reads.clear();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);

        pollFor(SETTINGS.pollInterval());

        assertThat(reads).containsExactly("NODE1", "NODE1", "NODE2", "NODE2");
    }

    private OwnServices.Both add(ServiceStatus vss, Moment begun) {
        return watcher.ownServices()
                .add(NodeAnswer.of(clock.instant(), vss), NodeAnswer.of(clock.instant(), STOPPED), begun);
    }

    /** Which of two reads at the same time saw the later state is not known. */
    @Test
    void aReadThatBeganBeforeTheServiceWasSeenRunningDoesNotCount() {
        Moment slow = Moment.now(clock, clock::nanoTime);
        clock.advance(Duration.ofSeconds(1));
        add(RUNNING, Moment.now(clock, clock::nanoTime));
        clock.advance(Duration.ofSeconds(4));

        assertThat(add(STOPPED, slow).vss().stoppedFor()).isZero();
        clock.advance(Duration.ofSeconds(5));

        assertThat(vssStoppedFor()).as("a first look").isZero();
        clock.advance(Duration.ofSeconds(5));
        assertThat(vssStoppedFor()).isEqualTo(Duration.ofSeconds(5));
    }

    /** A status was so at some moment of its read: at the begin of the last one at most, and at the end of the first one at least. */
    @Test
    void theTimeOfTheReadsThemselvesDoesNotCount() {
        cluster.beforeService = node -> clock.advance(Duration.ofSeconds(1));
        assertThat(vssStoppedFor()).isZero();
        clock.advance(Duration.ofSeconds(6));

        assertThat(vssStoppedFor()).isEqualTo(Duration.ofSeconds(6));
    }
}
