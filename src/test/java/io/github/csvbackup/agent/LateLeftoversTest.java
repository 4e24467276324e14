package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LateLeftoversTest {
    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster cluster = new SimulatedCluster(clock, 1, 1);
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofSeconds(5), Duration.ofSeconds(35), clock, clock::nanoTime);
    private final Watcher watcher = new Watcher(
            cluster,
            evidence,
            new WatchSettings(
                    Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5)),
            clock,
            clock::nanoTime);

    private LateLeftovers leftovers(@Nullable Duration interval) {
        LateLeftovers leftovers =
                new LateLeftovers(cluster, evidence, interval, Duration.ofHours(24), clock, clock::nanoTime);
        watcher.alsoCarry(leftovers::look, List::of);
        return leftovers;
    }

    private void pollUntilTold(LateLeftovers leftovers) {
        do {
            watcher.pollOnce();
        } while (leftovers.get().answer() != Answer.TOLD);
    }

    @Test
    void theFirstMinuteOfAnAgentAsksNothing() {
        LateLeftovers leftovers = leftovers(Duration.ofMinutes(15));
        watcher.pollOnce();
        clock.advance(Duration.ofSeconds(59));
        watcher.pollOnce();
        watcher.pollOnce();
        assertThat(watcher.snapshot().machineBackups()).isNull();
        assertThat(leftovers.get().answer()).isEqualTo(Answer.NOT_ASKED);
        assertThat(leftovers.sightings()).isNull();
        clock.advance(Duration.ofSeconds(1));
        pollUntilTold(leftovers);
    }

    @Test
    void offAsksNothing() {
        LateLeftovers leftovers = leftovers(null);
        clock.advance(Duration.ofDays(2));
        watcher.pollOnce();
        watcher.pollOnce();
        assertThat(leftovers.get().answer()).isEqualTo(Answer.OFF);
    }

    @Test
    void aSnapshotCarriesTheMachinesThatAreBackedUp() {
        cluster.controls().addMachine("NODE1", "SQL-7", "C:\\ClusterStorage\\Volume1");
        cluster.controls().backUpMachine("SQL-7");
        LateLeftovers leftovers = leftovers(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        pollUntilTold(leftovers);
        watcher.pollOnce();
        assertThat(watcher.snapshot().machineBackups().known()).isTrue();
        assertThat(watcher.snapshot().machineBackups().running())
                .singleElement()
                .satisfies(backup -> assertThat(backup.machine()).isEqualTo("SQL-7"));
        cluster.controls().endMachineBackup("SQL-7");
        clock.advance(Duration.ofSeconds(1));
        while (!watcher.snapshot().machineBackups().running().isEmpty()) {
            watcher.pollOnce();
        }
    }

    /** To the agents of other nodes, too. */
    @Test
    void withoutAnAnswerOfHyperVItIsUnknownWhetherAMachineIsBackedUp() {
        cluster.controls().addMachine("NODE1", "SQL-7", "C:\\ClusterStorage\\Volume1");
        cluster.controls().backUpMachine("SQL-7");
        LateLeftovers leftovers = leftovers(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        pollUntilTold(leftovers);
        cluster.controls().failNextCalls("Msvm_VirtualSystemSettingData", 1722, 1);
        clock.advance(Duration.ofSeconds(1));
        do {
            watcher.pollOnce();
        } while (leftovers.get().answer() != Answer.FAILED);

        assertThat(watcher.snapshot().machineBackups().known()).isFalse();
        assertThat(watcher.snapshot().machineBackups().running()).hasSize(1);
    }

    @Test
    void aNodeWithoutHyperVHasNoMachineThatIsBackedUp() {
        cluster.controls().setHyperV("NODE1", false);
        leftovers(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        do {
            watcher.pollOnce();
        } while (!watcher.snapshot().machineBackups().known());

        assertThat(watcher.snapshot().machineBackups().running()).isEmpty();
    }

    /** What machines said before still counts. */
    @Test
    void aFailureEndsNoPoll() {
        watcher.alsoCarry(
                next -> new MachineBackups(
                        true,
                        List.of(new MachineBackup(
                                next.volumes().get(0).volume().key(), "NODE1", "SQL-7", clock.instant()))),
                List::of);
        watcher.pollOnce();
        watcher.alsoCarry(
                next -> {
                    throw new NoClassDefFoundError("planted");
                },
                List::of);
        clock.advance(Duration.ofSeconds(10));

        watcher.pollOnce();

        assertThat(watcher.snapshot().lastSuccess()).isEqualTo(clock.instant());
        assertThat(watcher.snapshot().machineBackups().running()).hasSize(1);
    }

    @Test
    void whatAnEarlierRunKeptIsThereBeforeTheFirstQuestion() {
        LateLeftovers leftovers = leftovers(Duration.ofMinutes(15));
        StateLine line = StateLine.of("leftover")
                .with("what", "stuck_machine")
                .with("id", "1F")
                .with("since", clock.instant())
                .with("last", clock.instant());
        leftovers.restoreState(List.of(StateLine.of("volume"), line));
        assertThat(leftovers.sightings().lines()).containsExactly(line);
        leftovers.restoreState(List.of());
        assertThat(leftovers.sightings()).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leftovers.restoreState(List.of(StateLine.of("leftover"))));
    }
}
