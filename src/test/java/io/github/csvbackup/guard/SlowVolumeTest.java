package io.github.csvbackup.guard;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls succeed and are recent; how old is what they know of one volume? */
class SlowVolumeTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final Instant now = clock.instant();
    private Snapshot snapshot;

    @BeforeEach
    void poll() {
        StubCluster cluster = new StubCluster();
        NodeEvidence evidence =
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
        try (Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime)) {
            snapshot = watcher.refresh();
        }
    }

    /** @param fast whether it is read at each poll, or once a minute */
    private Assessment assess(boolean fast, BackupState state, Duration age) {
        Instant read = now.minus(age);
        WatchedVolume watched = new WatchedVolume(
                StubCluster.in(new StubCluster().volumes.get(VOLUME1), state),
                null,
                new Moment(read, null),
                read,
                null,
                null,
                false,
                0,
                null,
                fast);
        return new Guard(SETTINGS).assess(snapshot, watched, Map.of(), now);
    }

    private static Check pollFresh(Assessment assessment) {
        return assessment.checks().stream()
                .filter(check -> check.name().equals("poll-fresh"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itIsFreshForThreeReadsAtItsOwnRate() {
        assertThat(pollFresh(assess(true, BackupState.NONE, SETTINGS.freshFor()))
                        .result())
                .isEqualTo(CheckResult.PASSED);
        Assessment slow = assess(false, BackupState.NONE, Duration.ofMinutes(3));
        assertThat(pollFresh(slow).result()).isEqualTo(CheckResult.PASSED);
        assertThat(slow.verdict()).isEqualTo(Verdict.IDLE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thenItsLastReadProvesNothingNotEvenIdleness(boolean fast) {
        Duration old = fast ? Duration.ofSeconds(61) : Duration.ofSeconds(181);
        for (BackupState state : new BackupState[] {BackupState.NONE, BackupState.IN_PROGRESS}) {
            Assessment late = assess(fast, state, old);

            assertThat(pollFresh(late).result()).isEqualTo(CheckResult.UNKNOWN);
            assertThat(pollFresh(late).seen())
                    .isEqualTo("the volume was last read 2026-03-01 02:5" + (fast ? "8:59" : "6:59") + " UTC");
            assertThat(pollFresh(late).remedy()).isEqualTo("Call refresh and check the agent's last poll error.");
            assertThat(late.verdict()).isEqualTo(Verdict.UNPROVEN);
        }
    }
}
