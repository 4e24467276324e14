package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AskedPeersTest {
    private static Duration patience(long pollSeconds) {
        return AskedPeers.patience(settings(pollSeconds));
    }

    private static WatchSettings settings(long pollSeconds) {
        return new WatchSettings(
                Duration.ofSeconds(pollSeconds), Duration.ofMinutes(30), Duration.ofMinutes(3), Pipeline.CALL_DEADLINE);
    }

    /** The caller waits for half of the deadline, and must see why the agent did not answer. */
    @Test
    void aQuestionEndsBeforeItsCallerGivesUpAtEachPollInterval() {
        assertThat(patience(15)).isEqualTo(Duration.ofMillis(4500));
        assertThat(patience(1)).isEqualTo(Duration.ofMillis(1125));
        for (long seconds = 1; seconds < 100; seconds++) {
            assertThat(patience(seconds))
                    .isPositive()
                    .isLessThan(settings(seconds).serviceDeadline().dividedBy(2));
        }
    }
}
