package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which volumes the backup state is set, and since when at least. A state that ends and is set again between two polls leaves no trace, as
 * the documentation says; so the promises do not require what only a poll in between could see.
 */
final class VolumeStates {
    private final SimulatedClusterMBean controls;
    private final Clock clock;
    private final Map<VolumeName, Instant> setSince = new EnumMap<>(VolumeName.class);

    VolumeStates(SimulatedClusterMBean controls, Clock clock) {
        this.controls = controls;
        this.clock = clock;
    }

    boolean isSet(VolumeName volume) {
        return set().contains(volume);
    }

    /** The volumes whose state is set. */
    List<VolumeName> set() {
        List<String> lines = Arrays.stream(controls.getVolumes())
                .filter(line -> line.contains("IN_PROGRESS"))
                .toList();
        return Arrays.stream(VolumeName.values())
                .filter(volume -> lines.stream().anyMatch(line -> line.startsWith(volume.path + " ")))
                .toList();
    }

    /** Called whenever the agent polls, whether or not the poll succeeds. */
    void look() {
        List<VolumeName> set = set();
        setSince.keySet().retainAll(set);
        set.forEach(volume -> setSince.putIfAbsent(volume, clock.instant()));
    }

    /** The first of the latest consecutive polls that all saw the state set; null if the last did not. */
    @Nullable
    Instant setSince(VolumeName volume) {
        return setSince.get(volume);
    }

    boolean isSetFor(VolumeName volume, Duration time) {
        Instant since = setSince.get(volume);
        return since != null && Duration.between(since, clock.instant()).compareTo(time) >= 0;
    }

    /** For people. */
    @Override
    public String toString() {
        return setSince.toString();
    }
}
