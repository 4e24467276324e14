package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a stale state is reported as a long backup, and when as a problem. */
@Tag("jdk-independent")
class StaleStatesTest extends ClearingFixture {
    private static final ServiceStatus RUNNING = new ServiceStatus(ServiceStatus.RUNNING, 77L, null);
    private static final ServiceStatus STOPPED = new ServiceStatus(ServiceStatus.STOPPED, null, null);

    private List<ClearEvent.Stale> reports() {
        return events.stream()
                .filter(ClearEvent.Stale.class::isInstance)
                .map(ClearEvent.Stale.class::cast)
                .toList();
    }

    private void poll(Duration time) {
        lookFor(clearing, time);
    }

    /** Volume1's state ends and is set again, with a backup on NODE2 that is seen running. */
    private void aLongBackup() {
        cluster.set(VOLUME1, BackupState.NONE);
        poll(Duration.ofMinutes(1));
        events.clear();
        cluster.services.put("NODE2", RUNNING);
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        poll(Duration.ofMinutes(41));
    }

    private void theBackupIsGone() {
        cluster.shadowCopies.put("NODE2", List.of());
        cluster.services.put("NODE2", STOPPED);
    }

    @Test
    void aStateWithoutARunningBackupIsReportedOnce() {
        poll(Duration.ofMinutes(5));

        assertThat(reports()).singleElement().satisfies(report -> {
            assertThat(report.backupRunning()).isFalse();
            assertThat(report.message()).startsWith("The backup state of " + VOLUME1 + " is stale: set for 35 min");
        });
    }

    @Test
    void aLongBackupIsReportedOnceAndIsNotCalledStale() {
        aLongBackup();

        assertThat(reports()).singleElement().satisfies(report -> {
            assertThat(report.backupRunning()).isTrue();
            assertThat(report.message()).matches("A backup of .*Volume1 has been running for 30 min( 10 s)?");
        });
    }

    @Test
    void aLongBackupThatIsNoLongerSeenIsReportedOnceMore() {
        aLongBackup();
        theBackupIsGone();
        poll(Duration.ofMinutes(10));

        assertThat(reports()).extracting(ClearEvent.Stale::backupRunning).containsExactly(true, false);
    }

    /** It says nothing about the backup. */
    @Test
    void afterAFailedPollABackupIsStillTakenToBeRunning() {
        aLongBackup();
        theBackupIsGone();
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 1722);
        poll(Duration.ofMinutes(2));
        assertThat(reports()).hasSize(1);

        cluster.readFailure = null;
        poll(Duration.ofMinutes(1));
        assertThat(reports()).extracting(ClearEvent.Stale::backupRunning).containsExactly(true, false);
    }

    @Test
    void aNewStateOfTheSameVolumeIsReportedAgain() {
        aLongBackup();
        theBackupIsGone();
        cluster.set(VOLUME1, BackupState.NONE);
        poll(Duration.ofMinutes(1));
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        poll(Duration.ofMinutes(35));

        assertThat(reports()).extracting(ClearEvent.Stale::backupRunning).containsExactly(true, false);
    }

    /** An administrator who starts the agent in the middle of an incident finds it in the new log. */
    @Test
    void aStateThatIsStaleAtTheStartIsReported() {
        poll(Duration.ofSeconds(10));
        Clearing restarted = clearing(true, audit::add, Duration.ofSeconds(5));
        restarted.restoreState(clearing.saveState());

        restarted.polled();

        assertThat(reports()).hasSize(2);
    }

    /** The list of a node comes later than the first poll. */
    @Test
    void rightAfterTheStartAStateIsNotCalledStaleBeforeTheNodesWithVssHaveListedTheirCopies() {
        cluster.services.put("NODE2", RUNNING);
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        cluster.silentForShadowCopies.add("NODE2");
        Watcher restarted = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
        restarted.restoreState(Watcher.saveState(watcher.snapshot()));
        StaleStates states = new StaleStates(new Guard(SETTINGS), node -> false, events::add);
        events.clear();
        restarted.refresh();
        states.check(restarted.snapshot());
        assertThat(reports()).isEmpty();

        for (int polls = 0; polls < 6; polls++) {
            clock.advance(SETTINGS.pollInterval());
            restarted.refresh();
            states.check(restarted.snapshot());
        }

        assertThat(reports())
                .singleElement()
                .satisfies(report -> assertThat(report.backupRunning()).isFalse());
    }
}
