package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What polls find while the nodes list their shadow copies for a clear: NODE2 takes ten seconds. */
@Tag("jdk-independent")
class FoundDuringAClearTest extends ClearingFixture {
    private static final String SAID = "SQL-8 on NODE2 says that it is being backed up";

    private final VolumeKey volume = cluster.volumes.get(VOLUME1).key();

    /** Runs while NODE2 lists, once NODE1 has listed. */
    private void whileNode2Lists(Runnable what) {
        AtomicBoolean first = new AtomicBoolean(true);
        cluster.beforeAnsweringForShadowCopies = node -> {
            if (node.equals("NODE2") && first.getAndSet(false)) {
                while (evidence.lastShadowCopies("NODE1") == null) {
                    Thread.onSpinWait();
                }
                clock.advance(Duration.ofSeconds(1));
                what.run();
                clock.advance(Duration.ofSeconds(9));
            }
        };
    }

    private void aPollHearsOf(String node, Duration ago) {
        MachineBackup backup =
                new MachineBackup(volume, node, "SQL-8", clock.instant().minus(ago));
        MachineBackups told = new MachineBackups(true, List.of(backup));
        if (node.equals("NODE1")) {
            watcher.alsoCarry(next -> told, clearing::plannedLists);
        } else {
            peers.agents.add(node);
            peers.machines.put(node, told);
        }
        watcher.refresh();
    }

    private ClearResult refused(ClearResult result) {
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
        nothingWasCalled();
        return result;
    }

    @Test
    void withoutAnythingNewTheClearIsMade() {
        whileNode2Lists(watcher::refresh);

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
    }

    /** The nodes were not asked for their machines since. */
    @Test
    void aMachineOfAnotherNodeThatIsBeingBackedUpPreventsTheClear() {
        whileNode2Lists(() -> aPollHearsOf("NODE2", Duration.ofMinutes(1)));

        assertThat(refused(clearing.clear(VOLUME1, OPERATOR)).message()).contains(SAID);
    }

    @Test
    void aMachineOfThisNodeThatIsBeingBackedUpPreventsTheClear() {
        whileNode2Lists(() -> aPollHearsOf("NODE1", Duration.ZERO));

        assertThat(refused(clearing.clear(VOLUME1, OPERATOR)).message())
                .contains("SQL-8 on NODE1 says that it is being backed up");
    }

    @Test
    void itAlsoPreventsAForcedClear() {
        whileNode2Lists(() -> aPollHearsOf("NODE2", Duration.ofMinutes(1)));

        assertThat(refused(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR))
                        .message())
                .contains(SAID);
    }

    @Test
    void whatAMachineSaidLongAgoPreventsTheClearButNotAForcedOne() {
        whileNode2Lists(() -> aPollHearsOf("NODE2", Duration.ofMinutes(6)));

        assertThat(refused(clearing.clear(VOLUME1, OPERATOR)).message()).contains("SQL-8 on NODE2 said that it was");
        letVssStop();
        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
    }

    @Test
    void aMachineOnAnotherVolumePreventsNothing() {
        VolumeKey other = cluster.volumes.get(StubCluster.VOLUME10).key();
        MachineBackups told =
                new MachineBackups(true, List.of(new MachineBackup(other, "NODE1", "SQL-9", clock.instant())));
        whileNode2Lists(() -> {
            watcher.alsoCarry(next -> told, clearing::plannedLists);
            watcher.refresh();
        });

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
    }

    /** Another question of this agent, such as that of a reader, gets a newer list of NODE1. */
    @Test
    void aShadowCopyThatANodeListsAfterItsListForTheClearPreventsTheClear() {
        whileNode2Lists(() -> {
            cluster.shadowCopies.put("NODE1", List.of(copy("{live}", false)));
            evidence.shadowCopies(List.of("NODE1"));
            watcher.refresh();
        });

        assertThat(refused(clearing.clear(VOLUME1, OPERATOR)).message())
                .contains("a running backup has a shadow copy on NODE1");
    }

    /** The poll's list is older than the one of the clear. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBackupThatHasEndedBeforeTheListForTheClearPreventsNothing(boolean leftACopy) {
        cluster.vssStopsAfterAQuestion = false;
        cluster.shadowCopies.put("NODE2", List.of(copy("{live}", false)));
        evidence.shadowCopies(List.of("NODE2"));
        pollFor(SETTINGS.pollInterval());
        assertThat(clearing.assess(VOLUME1, ANONYMOUS).verdict()).isEqualTo(Verdict.ACTIVE);
        cluster.shadowCopies.put("NODE2", leftACopy ? List.of(copy("{left}", true)) : List.of());

        assertThat(clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
    }
}
