package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the backup state of the volume is set, and since when at least. A state that ends and is set again between two polls leaves
 * no trace, as the documentation says; so the promises do not require what only a poll in between could see.
 */
final class VolumeState {
    private final SimulatedClusterMBean controls;
    private final Clock clock;
    private @Nullable Instant setSince;

    VolumeState(SimulatedClusterMBean controls, Clock clock) {
        this.controls = controls;
        this.clock = clock;
    }

    boolean isSet() {
        return controls.getVolumes()[0].contains("IN_PROGRESS");
    }

    /** Called whenever the agent polls, whether or not the poll succeeds. */
    void look() {
        if (!isSet()) {
            setSince = null;
        } else if (setSince == null) {
            setSince = clock.instant();
        }
    }

    /** The first of the latest consecutive polls that all saw the state set; null if the last did not. */
    @Nullable
    Instant setSince() {
        return setSince;
    }

    boolean isSetFor(Duration time) {
        return setSince != null && Duration.between(setSince, clock.instant()).compareTo(time) >= 0;
    }
}
