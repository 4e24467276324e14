package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the watch makes of the answers of a simulated cluster, over hours and days. */
class LeftoverWatchTest {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String MACHINE = "SQL-7";
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final WatchSettings POLLS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final LeftoverSettings SETTINGS =
            new LeftoverSettings(INTERVAL, Duration.ofHours(24), Duration.ofSeconds(35));

    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster simulated = new SimulatedCluster(clock, 2, 3);
    private final SimulatedClusterMBean controls = simulated.controls();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger counts = new AtomicInteger();
    private final Cluster cluster = InlineCluster.of(simulated, questions, counts);
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofSeconds(5), Duration.ofSeconds(35), clock, clock::nanoTime);
    private final Watcher watcher = new Watcher(cluster, evidence, POLLS, clock, clock::nanoTime);
    private LeftoverWatch watch = started(Sightings.NONE);

    private LeftoverWatch started(Sightings remembered) {
        return new LeftoverWatch(cluster, SETTINGS, remembered, evidence, clock, clock::nanoTime);
    }

    private Snapshot poll() {
        watcher.pollOnce();
        watch.look(watcher.snapshot());
        return watcher.snapshot();
    }

    private List<MachineBackup> backups() {
        return watch.look(watcher.snapshot());
    }

    /** Polls until a question has its answer, and what it found is counted. */
    private Leftovers look() {
        clock.advance(INTERVAL);
        poll();
        poll();
        poll();
        return watch.leftovers();
    }

    private List<Leftover> lookAfter(Duration time) {
        for (Duration passed = INTERVAL; passed.compareTo(time) < 0; passed = passed.plus(INTERVAL)) {
            look();
        }
        return look().found();
    }

    private List<LeftoverKind> hidden() {
        return watch.leftovers().hidden().stream().map(Leftover::kind).toList();
    }

    private void machine(String name, Duration ageOfCheckpoint) {
        controls.addMachine("NODE1", name, VOLUME);
        controls.addCheckpoint(name, ageOfCheckpoint.toSeconds());
    }

    @Test
    void anOldCheckpointIsLeftOverAndSaysWhatEndsIt() {
        machine(MACHINE, Duration.ofHours(23));
        assertThat(watch.leftovers().answer()).isEqualTo(Answer.NOT_ASKED);
        assertThat(look().answer()).isEqualTo(Answer.TOLD);
        assertThat(watch.leftovers().found()).as("younger than a day").isEmpty();
        assertThat(counts).as("nothing to count").hasValue(0);

        List<Leftover> found = lookAfter(Duration.ofHours(1));
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(LeftoverKind.CHECKPOINT);
            assertThat(each.volume()).isEqualTo(poll().volumes().get(0).volume().key());
            assertThat(each.node()).isEqualTo("NODE1");
            assertThat(each.machine()).isEqualTo(MACHINE);
            assertThat(each.id()).startsWith("Microsoft:");
            assertThat(each.since()).isBefore(clock.instant().minus(Duration.ofHours(24)));
            assertThat(each.command()).contains("Remove-VMSnapshot");
            assertThat(each.advice()).isNotEmpty();
        });

        controls.removeCheckpoint(MACHINE);
        assertThat(look().found()).as("it has vanished").isEmpty();
        assertThat(watch.leftovers().bytesByVolume()).isEmpty();
    }

    @Test
    void aMachineThatIsBackedUpHasFreshCheckpointsUntilItIsStuck() {
        machine(MACHINE, Duration.ofDays(9));
        controls.backUpMachine(MACHINE);
        assertThat(lookAfter(Duration.ofHours(24))).isEmpty();
        assertThat(hidden()).as("also that of this backup").containsOnly(LeftoverKind.CHECKPOINT);

        assertThat(lookAfter(Duration.ofHours(1)))
                .extracting(Leftover::kind)
                .containsExactly(LeftoverKind.STUCK_MACHINE);

        controls.endMachineBackup(MACHINE);
        assertThat(look().found()).extracting(Leftover::kind).containsExactly(LeftoverKind.CHECKPOINT);
        controls.backUpMachine(MACHINE);
        assertThat(look().found()).as("another backup").isEmpty();
        controls.failNextCalls("Msvm_VirtualSystemSettingData", 5, 1);
        assertThat(look().answer()).isEqualTo(Answer.FAILED);
        assertThat(hidden()).as("it stays").containsExactly(LeftoverKind.CHECKPOINT);
        controls.removeCheckpoint(MACHINE);
        look();
        assertThat(hidden()).isEmpty();
    }

    @Test
    void mergingThatIsOffCountsWhileNoCheckpointIsFresh() {
        controls.addMachine("NODE1", MACHINE, VOLUME);
        controls.setMerging(MACHINE, false);
        controls.backUpMachine(MACHINE);
        assertThat(look().found()).isEmpty();
        controls.endMachineBackup(MACHINE);
        assertThat(look().found()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(LeftoverKind.NOT_MERGING);
            assertThat(each.since()).as("since it was first seen").isBefore(clock.instant());
            assertThat(each.command()).contains("ModifyDiskMergeSettings");
        });
        controls.addCheckpoint(MACHINE, 60);
        assertThat(look().found()).as("a fresh checkpoint").isEmpty();
        assertThat(hidden()).containsExactly(LeftoverKind.NOT_MERGING);
        controls.removeCheckpoint(MACHINE);
        controls.addCheckpoint(MACHINE, 90_000);
        assertThat(look().found())
                .extracting(Leftover::kind)
                .containsExactlyInAnyOrder(LeftoverKind.CHECKPOINT, LeftoverKind.NOT_MERGING);
        controls.setMerging(MACHINE, true);
        assertThat(look().found()).extracting(Leftover::kind).containsExactly(LeftoverKind.CHECKPOINT);
    }

    @Test
    void persistentShadowCopiesComeFromListsThatSomebodyElseAskedFor() {
        controls.addOldShadowCopy(VOLUME, "NODE1", 90_000);
        controls.addOldShadowCopy(VOLUME, "NODE1", 60);
        controls.addOldShadowCopy(VOLUME, "NODE2", 90_000);
        controls.addForeignShadowCopy("\\\\FS1\\share\\", "NODE1", true);
        assertThat(look().found()).isEmpty();
        assertThat(controls.getShadowCopyQueries())
                .as("never started for this")
                .containsExactly("NODE1: 0", "NODE2: 0");

        assertThat(evidence.shadowCopies(List.of("NODE1"))).hasSize(1);
        assertThat(look().found()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(LeftoverKind.SHADOW_COPY);
            assertThat(each.machine()).isNull();
            assertThat(each.disks()).isNull();
            assertThat(each.command()).contains("vssadmin delete shadows").contains(each.id());
        });
        assertThat(lookAfter(Duration.ofHours(94)))
                .as("over a weekend, both old")
                .hasSize(2);
        assertThat(lookAfter(Duration.ofHours(2))).as("an old list says little").isEmpty();
        assertThat(watch.leftovers().copiesListed()).isNull();
    }

    /** Lists are known by the name of the node in the cluster; the name of a Windows machine is in capitals. */
    @Test
    void shadowCopiesAreFoundAlsoIfWindowsSpellsTheNameOfTheNodeOtherwise() {
        controls.addOldShadowCopy(VOLUME, "NODE1", 90_000);
        Watcher other = new Watcher(InlineCluster.onNode("node1", cluster), evidence, POLLS, clock, clock::nanoTime);
        other.pollOnce();
        assertThat(other.snapshot().localNode()).isEqualTo("node1");
        assertThat(evidence.shadowCopies(List.of("NODE1"))).hasSize(1);

        watch.look(other.snapshot());

        assertThat(watch.leftovers().found())
                .extracting(Leftover::kind, Leftover::node)
                .containsExactly(tuple(LeftoverKind.SHADOW_COPY, "NODE1"));
    }

    /** A list keeps VSS running, and starts it again if it stops right before. */
    @Test
    void noListIsTakenForLeftoversAloneAlsoWhileVssRuns() {
        machine(MACHINE, Duration.ofDays(2));
        controls.addOldShadowCopy(VOLUME, "NODE1", 90_000);
        for (Duration passed = Duration.ZERO; passed.toDays() < 5; passed = passed.plus(INTERVAL)) {
            controls.setServiceState("NODE1", "VSS", passed.toHours() % 3 == 0 ? "STOPPED" : "RUNNING");
            assertThat(look().answer()).isEqualTo(Answer.TOLD);
        }
        assertThat(questions).as("of Hyper-V").hasValue(5 * 24 * 4);
        assertThat(controls.getShadowCopyQueries()).containsExactly("NODE1: 0", "NODE2: 0");
        assertThat(watch.leftovers().found()).extracting(Leftover::kind).containsExactly(LeftoverKind.CHECKPOINT);
        assertThat(watch.leftovers().copiesListed()).isNull();
    }

    @Test
    void anOldListIsForgottenAlsoWhileHyperVDoesNotAnswer() {
        machine(MACHINE, Duration.ofDays(2));
        controls.addOldShadowCopy(VOLUME, "NODE1", 90_000);
        assertThat(evidence.shadowCopies(List.of("NODE1"))).hasSize(1);
        Instant listed = clock.instant();
        assertThat(look().copiesListed()).isEqualTo(listed);
        controls.failNextCalls("Msvm_VirtualSystemSettingData", 5, 1000);
        assertThat(lookAfter(Duration.ofHours(94))).hasSize(2);
        assertThat(watch.leftovers().answer()).isEqualTo(Answer.FAILED);
        assertThat(watch.leftovers().copiesListed()).isEqualTo(listed);

        assertThat(lookAfter(Duration.ofHours(2))).extracting(Leftover::kind).containsExactly(LeftoverKind.CHECKPOINT);
        assertThat(watch.leftovers().answer()).isEqualTo(Answer.FAILED);
        assertThat(watch.leftovers().copiesListed()).isNull();
    }

    @Test
    void aNodeWithoutHyperVIsAskedOnceADay() {
        controls.setHyperV("NODE1", false);
        assertThat(look().answer()).isEqualTo(Answer.NO_HYPER_V);
        lookAfter(Duration.ofHours(23));
        assertThat(questions).hasValue(1);

        controls.setHyperV("NODE1", true);
        machine(MACHINE, Duration.ofDays(2));
        assertThat(lookAfter(Duration.ofMinutes(90))).hasSize(1);
    }

    @Test
    void aNodeWithoutHyperVStaysOneAfterAQuestionThatFailed() {
        controls.setHyperV("NODE1", false);
        look();
        clock.advance(Duration.ofDays(1));
        controls.failNextCalls("Msvm_VirtualSystemSettingData", 5, 1);
        assertThat(look().answer()).isEqualTo(Answer.FAILED);

        assertThat(look().answer()).isEqualTo(Answer.NO_HYPER_V);
        assertThat(watch.leftovers().problem()).isNull();
        lookAfter(Duration.ofHours(23));
        assertThat(questions).as("once a day again").hasValue(3);
    }

    @Test
    void aNamespaceThatAnsweredBeforeAndIsGoneIsAFailure() {
        machine(MACHINE, Duration.ofDays(2));
        assertThat(look().found()).hasSize(1);
        controls.setHyperV("NODE1", false);

        assertThat(look().answer()).isEqualTo(Answer.FAILED);
        assertThat(watch.leftovers().found()).hasSize(1);
        assertThat(watch.leftovers().problem().message())
                .isEqualTo("the WMI namespace of Hyper-V, which answered before, is gone");
        controls.setHyperV("NODE1", true);
        assertThat(look().answer()).isEqualTo(Answer.TOLD);
    }

    @Test
    void whatAMachineSaidOfItsBackupIsForgottenAfterHoursWithoutAnAnswer() {
        machine(MACHINE, Duration.ofHours(1));
        controls.backUpMachine(MACHINE);
        look();
        assertThat(backups()).hasSize(1);
        controls.setHyperV("NODE1", false);
        look();
        assertThat(backups()).as("shortly before it said so").hasSize(1);

        lookAfter(Duration.ofHours(3));

        assertThat(backups()).isEmpty();
    }

    @Test
    void aFailureKeepsWhatWasFoundAndSaysWhy() {
        machine(MACHINE, Duration.ofDays(2));
        Leftovers before = look();
        controls.failNextCalls("Msvm_VirtualSystemSettingData", 5, 1);
        Leftovers failed = look();
        assertThat(failed.answer()).isEqualTo(Answer.FAILED);
        assertThat(failed.problem()).isNotNull();
        assertThat(failed.problem().message()).contains("ERROR_ACCESS_DENIED");
        assertThat(failed.lastSuccess()).isEqualTo(before.lastSuccess()).isBefore(failed.at());
        assertThat(failed.found()).isEqualTo(before.found()).isNotEmpty();

        assertThat(look().answer()).isEqualTo(Answer.TOLD);
        assertThat(watch.leftovers().problem()).isNull();
    }

    @Test
    void anAnswerThatIsNotUnderstoodEndsNoPoll() {
        Cluster broken = (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "neverBlocks" -> true;
                    case "virtualMachines" -> Optional.of(Collections.singletonList(null));
                    default -> throw new AssertionError(method);
                });
        watch = new LeftoverWatch(broken, SETTINGS, Sightings.NONE, evidence, clock, clock::nanoTime);
        assertThat(look().answer()).isEqualTo(Answer.FAILED);
        assertThat(watch.leftovers().problem().message()).startsWith("the answer of Hyper-V was not understood");
    }

    @Test
    void sizesAreCountedAtMostOnceAnHourAndAreUnknownWhereTheyCannotBeRead() {
        machine(MACHINE, Duration.ofDays(2));
        controls.growDisks(MACHINE, 4096);
        assertThat(look().found().get(0).disks()).isEqualTo(new DifferencingDisks(1, 4096, true));
        assertThat(watch.leftovers().bytesByVolume()).containsValue(4096L).hasSize(1);

        controls.growDisks(MACHINE, 4096);
        assertThat(lookAfter(Duration.ofMinutes(45)).get(0).disks().bytes()).isEqualTo(4096);
        assertThat(counts).hasValue(1);
        assertThat(lookAfter(Duration.ofMinutes(15)).get(0).disks().bytes()).isEqualTo(8192);

        controls.failNextCalls("FindFirstFile", 5, 1);
        assertThat(lookAfter(Duration.ofMinutes(60)).get(0).disks()).isNull();
        assertThat(watch.leftovers().bytesByVolume()).isEmpty();
        assertThat(lookAfter(Duration.ofMinutes(60)).get(0).disks()).isNotNull();
    }

    @Test
    void severalMachinesOnOneVolumeAreCountedEachAndTogether() {
        machine("A", Duration.ofDays(2));
        machine("B", Duration.ofDays(3));
        controls.growDisks("A", 1000);
        controls.growDisks("B", 10);
        assertThat(look().found())
                .extracting(Leftover::machine)
                .as("the oldest first")
                .containsExactly("B", "A");
        assertThat(watch.leftovers().found())
                .extracting(each -> each.disks().bytes())
                .containsExactly(10L, 1000L);
        assertThat(watch.leftovers().bytesByVolume()).containsValue(1010L);
    }

    @Test
    void ofManyVolumesSomeAreCountedAtATimeAndAllInTheEnd() {
        SimulatedCluster large = new SimulatedCluster(clock, 1, 20);
        Cluster counted = InlineCluster.of(large, questions, counts);
        Watcher polls = new Watcher(counted, evidence, POLLS, clock, clock::nanoTime);
        watch = new LeftoverWatch(counted, SETTINGS, Sightings.NONE, evidence, clock, clock::nanoTime);
        for (int i = 1; i <= 20; i++) {
            large.controls().addMachine("NODE1", "machine " + i, "C:\\ClusterStorage\\Volume" + i);
            large.controls().addCheckpoint("machine " + i, 90_000);
        }
        polls.pollOnce();
        watch.look(polls.snapshot());
        for (int all : new int[] {8, 16, 20, 20}) {
            watch.look(polls.snapshot());
            assertThat(counts).hasValue(all);
        }
        assertThat(watch.leftovers().bytesByVolume()).hasSize(20);
    }

    @Test
    void aMachineWithManyCheckpointsIsCountedOnceOnEachOfItsVolumes() {
        String other = "C:\\ClusterStorage\\Volume2";
        RecoveryCheckpoint[] checkpoints = new RecoveryCheckpoint[50];
        Arrays.setAll(
                checkpoints,
                i -> new RecoveryCheckpoint(
                        "Microsoft:" + i, "x", clock.instant().minus(Duration.ofDays(2)), List.of(other + "\\A")));
        VirtualMachine machine =
                new VirtualMachine("1F", MACHINE, List.of(2), null, List.of(VOLUME + "\\A"), List.of(checkpoints));
        Cluster many = (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (proxy, method, arguments) -> method.getName().equals("virtualMachines")
                        ? Optional.of(List.of(machine))
                        : method.invoke(cluster, arguments));
        watch = new LeftoverWatch(many, SETTINGS, Sightings.NONE, evidence, clock, clock::nanoTime);

        assertThat(look().found()).hasSize(100).allMatch(each -> each.disks() != null);
        assertThat(counts).hasValue(2);
        assertThat(watch.leftovers().bytesByVolume()).hasSize(2);
    }

    /** A sum of other machines, or of a part, would look like that of these. */
    @Test
    void theSumOfAVolumeIsThatOfTheMachinesThatAreLeftOverNow() {
        machine("A", Duration.ofDays(2));
        controls.growDisks("A", 1000);
        look();
        assertThat(watch.leftovers().bytesByVolume()).containsValue(1000L);

        machine("B", Duration.ofDays(3));
        controls.growDisks("B", 10);
        look();
        assertThat(watch.leftovers().bytesByVolume()).as("B is not counted yet").isEmpty();
        lookAfter(Duration.ofHours(1));
        assertThat(watch.leftovers().bytesByVolume()).containsValue(1010L);

        controls.removeCheckpoint("A");
        look();
        assertThat(watch.leftovers().bytesByVolume()).as("also those of A").isEmpty();
        assertThat(watch.leftovers().found().get(0).disks().bytes()).isEqualTo(10);
        lookAfter(Duration.ofHours(1));
        assertThat(watch.leftovers().bytesByVolume()).containsValue(10L);
    }

    @Test
    void aCountThatEndedEarlyIsNoSum() {
        AtomicBoolean isComplete = new AtomicBoolean();
        Cluster large = (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (proxy, method, arguments) -> method.getName().equals("differencingDisks")
                        ? new DifferencingDisks(7, 4096, isComplete.get())
                        : method.invoke(cluster, arguments));
        watch = new LeftoverWatch(large, SETTINGS, Sightings.NONE, evidence, clock, clock::nanoTime);
        machine(MACHINE, Duration.ofDays(2));
        assertThat(look().found().get(0).disks()).isEqualTo(new DifferencingDisks(7, 4096, false));
        assertThat(watch.leftovers().bytesByVolume()).isEmpty();

        isComplete.set(true);
        lookAfter(Duration.ofHours(1));
        assertThat(watch.leftovers().bytesByVolume()).containsValue(4096L);
    }

    @Test
    void aMachineThatMovesIsTheOtherNodesAndItsBackupBeginsAgainHere() {
        controls.addMachine("NODE1", MACHINE, VOLUME);
        controls.backUpMachine(MACHINE);
        lookAfter(Duration.ofHours(20));
        controls.moveMachine(MACHINE, "NODE2");
        assertThat(look().found()).isEmpty();
        assertThat(backups()).isEmpty();
        controls.moveMachine(MACHINE, "NODE1");
        assertThat(lookAfter(Duration.ofHours(20))).isEmpty();
        assertThat(lookAfter(Duration.ofHours(5))).hasSize(1);
    }

    @Test
    void aRestartKeepsSinceWhenAndALongGapDoesNot() {
        controls.addMachine("NODE1", MACHINE, VOLUME);
        controls.backUpMachine(MACHINE);
        lookAfter(Duration.ofHours(24));

        watch = started(Sightings.read(watch.sightings().lines()));
        assertThat(lookAfter(Duration.ofHours(1))).hasSize(1);

        clock.advance(Duration.ofHours(3));
        watch = started(Sightings.read(watch.sightings().lines()));
        assertThat(look().found()).as("another backup may have begun").isEmpty();
    }

    @Test
    void whileAStateIsSetTheNodeOfABackupIsAskedEachMinute() {
        controls.addMachine("NODE1", MACHINE, VOLUME);
        controls.backUpMachine(MACHINE);
        look();
        int before = questions.get();
        clock.advance(Duration.ofMinutes(2));
        poll();
        assertThat(questions).as("no state is set").hasValue(before);

        controls.prepareBackup(VOLUME, "NODE2");
        poll();
        assertThat(questions).as("the state is new").hasValue(before + 1);
        clock.advance(Duration.ofMinutes(1));
        poll();
        assertThat(questions).hasValue(before + 2);
        poll();
        assertThat(questions).as("not more often").hasValue(before + 2);
        assertThat(backups())
                .containsExactly(new MachineBackup(
                        watcher.snapshot().volumes().get(0).volume().key(), "NODE1", MACHINE, clock.instant()));

        controls.endMachineBackup(MACHINE);
        clock.advance(Duration.ofMinutes(1));
        poll();
        poll();
        clock.advance(Duration.ofMinutes(1));
        poll();
        assertThat(questions).as("no machine says so any more").hasValue(before + 3);
        assertThat(backups()).isEmpty();
    }

    @Test
    void aThousandMachinesAreLookedThrough() {
        for (int i = 0; i < 1000; i++) {
            machine("machine " + i, Duration.ofDays(2));
        }
        assertThat(look().found()).hasSize(1000);
        assertThat(watch.leftovers().bytesByVolume()).hasSize(1);
    }
}
