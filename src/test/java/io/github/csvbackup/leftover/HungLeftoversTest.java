package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hyper-V and volumes that hang delay no poll. */
@Timeout(60)
class HungLeftoversTest {
    private static final String VOLUME1 = "C:\\ClusterStorage\\Volume1";
    private static final String VOLUME2 = "C:\\ClusterStorage\\Volume2";
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final WatchSettings POLLS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster cluster = new SimulatedCluster(clock, 1, 2);
    private final SimulatedClusterMBean controls = cluster.controls();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofSeconds(5), Duration.ofSeconds(35), clock, clock::nanoTime);
    private final Watcher watcher = new Watcher(cluster, evidence, POLLS, clock, clock::nanoTime);
    private final LeftoverWatch watch = new LeftoverWatch(
            cluster,
            new LeftoverSettings(INTERVAL, Duration.ofHours(24), Duration.ofSeconds(35)),
            Sightings.NONE,
            evidence,
            clock,
            clock::nanoTime);

    @AfterEach
    void release() {
        controls.releaseHungCalls();
    }

    private void poll() {
        watcher.pollOnce();
        watch.look(watcher.snapshot());
    }

    private void pollUntil(BooleanSupplier condition) {
        do {
            poll();
        } while (!condition.getAsBoolean());
    }

    private boolean isTold() {
        return watch.leftovers().answer() == Answer.TOLD;
    }

    @Test
    void aQuestionThatHangsFailsAtItsDeadlineAndIsNotRepeatedUntilItReturns() {
        controls.hangNextCall("Msvm_VirtualSystemSettingData");
        poll();
        clock.advance(Duration.ofSeconds(30));
        poll();
        assertThat(watch.leftovers().answer()).isEqualTo(Answer.NOT_ASKED);
        clock.advance(Duration.ofSeconds(6));
        poll();
        assertThat(watch.leftovers().answer()).isEqualTo(Answer.FAILED);
        assertThat(watch.leftovers().problem().message()).contains("asking Hyper-V for its virtual machines");
        assertThat(watch.leftovers().problem().remedy()).startsWith("Check the service vmms of this node");

        clock.advance(INTERVAL);
        pollUntil(() -> watch.leftovers().problem().message().contains("was not started"));
        assertThat(watch.leftovers().problem().remedy()).startsWith("Check the service vmms of this node");

        controls.releaseHungCalls();
        pollUntil(() -> {
            clock.advance(INTERVAL);
            return isTold();
        });
    }

    @Test
    void aVolumeThatHangsLeavesTheOthersTheirSizes() {
        for (String volume : new String[] {VOLUME1, VOLUME2}) {
            controls.addMachine("NODE1", volume.substring(volume.length() - 7), volume);
            controls.addCheckpoint(volume.substring(volume.length() - 7), 90_000);
        }
        controls.hangNextCall("FindFirstFile");
        pollUntil(() -> watch.leftovers().bytesByVolume().size() == 1);
        assertThat(watch.leftovers().found())
                .hasSize(2)
                .filteredOn(each -> each.disks() == null)
                .hasSize(1);

        clock.advance(Duration.ofHours(2));
        controls.releaseHungCalls();
        pollUntil(() -> {
            clock.advance(INTERVAL);
            return watch.leftovers().bytesByVolume().size() == 2;
        });
    }
}
