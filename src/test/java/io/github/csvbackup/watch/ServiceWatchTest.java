package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The rows of stopped looks: one for each source, and what forbids ends them all. */
class ServiceWatchTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ServiceStatus STOPPED = new ServiceStatus(ServiceStatus.STOPPED, null, null);
    private static final ServiceStatus RUNNING = new ServiceStatus(ServiceStatus.RUNNING, 7L, null);

    private final MovableClock clock = new MovableClock();
    private ServiceWatch watch = ServiceWatch.UNSEEN;

    private Duration stopped() {
        return watch.stoppedSince() == null
                ? Duration.ZERO
                : Duration.between(watch.stoppedSince(), watch.last().at());
    }

    private void look(ServiceLook look) {
        look(look, false);
    }

    private void look(ServiceLook look, boolean gap) {
        watch = watch.next(look, gap, UnaryOperator.identity());
        clock.advance(MINUTE);
    }

    private ServiceLook manager(ServiceStatus status) {
        return ServiceLook.of(NodeAnswer.of(clock.instant(), status).from(Source.SERVICE_MANAGER));
    }

    private ServiceLook agent(ServiceStatus status, long minutes) {
        return ServiceLook.ofPeer(
                new PeerEvidence.Seen(status, Duration.ofMinutes(minutes), null), "NODE2", clock.instant());
    }

    private ServiceLook nobody() {
        return ServiceLook.of(NodeAnswer.none(clock.instant(), new Problem("it failed", "Fix it.")));
    }

    @Test
    void theAgentOfANodeIsBelievedAtOnce() {
        look(agent(STOPPED, 10));

        assertThat(stopped()).isEqualTo(MINUTE.multipliedBy(10));
    }

    @Test
    void theRowOfAnAgentThatRestartedBeginsAgain() {
        look(agent(STOPPED, 10));
        look(agent(STOPPED, 0));
        assertThat(stopped()).isZero();
        look(agent(STOPPED, 1));

        assertThat(stopped()).isEqualTo(MINUTE);
    }

    @Test
    void aGapOfThisAgentIsNoneOfTheOther() {
        look(agent(STOPPED, 10), true);

        assertThat(stopped()).isEqualTo(MINUTE.multipliedBy(10));
    }

    @Test
    void theTimesOfTwoSourcesAreNotAdded() {
        look(manager(STOPPED));
        look(manager(STOPPED));
        look(agent(STOPPED, 1));
        assertThat(stopped()).isEqualTo(MINUTE);
        look(manager(STOPPED));
        assertThat(stopped()).isZero();
        look(manager(STOPPED));

        assertThat(stopped()).isEqualTo(MINUTE);
    }

    @Test
    void theAgentsRowGoesOnWhileAnotherSourceAnswersForIt() {
        look(agent(STOPPED, 10));
        look(manager(STOPPED));
        look(agent(STOPPED, 12));

        assertThat(stopped()).isEqualTo(MINUTE.multipliedBy(12));
    }

    @Test
    void anyOtherSourceThatSawItRunningEndsTheRowOfTheAgent() {
        look(agent(STOPPED, 10));
        look(manager(RUNNING));
        look(agent(STOPPED, 12));
        assertThat(stopped()).as("the first look after it").isZero();
        look(agent(STOPPED, 13));
        look(agent(STOPPED, 14));

        assertThat(stopped()).isEqualTo(MINUTE.multipliedBy(2));
    }

    @Test
    void itIsRememberedOverLooksWithoutAnAnswer() {
        look(manager(RUNNING));
        look(nobody());
        watch = watch.unchecked();
        look(agent(STOPPED, 12));
        assertThat(stopped()).isZero();
        look(nobody());
        watch = watch.unchecked();
        look(agent(STOPPED, 14));

        assertThat(stopped()).isEqualTo(MINUTE.multipliedBy(2));
    }

    @Test
    void anAgentThatSawItRunningEndsTheRowOfTheOther() {
        look(manager(STOPPED));
        look(agent(RUNNING, 0));
        look(manager(STOPPED));

        assertThat(stopped()).isZero();
    }

    @Test
    void aClockThatWasSetChangesNoRow() {
        look(manager(RUNNING));
        look(agent(STOPPED, 5));
        clock.set(Duration.ofSeconds(-3));
        watch = watch.next(agent(STOPPED, 6), false, earlier -> earlier.minusSeconds(3));
        assertThat(stopped()).isEqualTo(MINUTE);
        clock.set(Duration.ofSeconds(3));
        watch = watch.next(agent(STOPPED, 6), false, earlier -> earlier.plusSeconds(3));

        assertThat(stopped()).isEqualTo(MINUTE);
    }

    @Test
    void noTimeThatAnAgentSaysIsTooLongOrNegative() {
        look(ServiceLook.ofPeer(
                new PeerEvidence.Seen(STOPPED, Duration.ofSeconds(Long.MAX_VALUE), null), "NODE2", clock.instant()));
        assertThat(stopped()).isEqualTo(Duration.ofDays(365));
        look(agent(STOPPED, -1));

        assertThat(stopped()).isZero();
    }

    @Test
    void aTimeOfAnAgentThatDoesNotSayStoppedIsNothing() {
        look(agent(RUNNING, 10));
        assertThat(watch.stoppedSince()).isNull();
        look(ServiceLook.ofPeer(new PeerEvidence.Seen(null, Duration.ofHours(1), null), "NODE2", clock.instant()));

        assertThat(watch.stoppedSince()).isNull();
        assertThat(watch.last().problem().message()).isEqualTo("the agent of NODE2 could not read the service");
    }
}
