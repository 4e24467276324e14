package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What no simulated machine shows: times and numbers that are not valid or not known. */
class ClassificationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Volume VOLUME = new Volume(
            "disk",
            "Cluster Disk 1",
            "NODE1",
            ResourceState.ONLINE,
            "C:\\ClusterStorage\\Volume1",
            "\\\\?\\Volume{1}\\",
            FaultState.NO_FAULTS,
            BackupState.NONE);

    private static VirtualMachine machine(List<Integer> status, @Nullable Integer merge, @Nullable Instant created) {
        return new VirtualMachine(
                "1F",
                "name",
                status,
                merge,
                List.of("C:\\ClusterStorage\\Volume1\\A"),
                List.of(new RecoveryCheckpoint("c", "c", created, List.of())));
    }

    private static List<Leftover> found(VirtualMachine machine, Instant firstSeen) {
        Sightings sightings = Sightings.NONE
                .next(Classification.seen(List.of(machine), firstSeen), firstSeen, DAY)
                .next(Classification.seen(List.of(machine), NOW), NOW, DAY.multipliedBy(9));
        return new Classification("NODE1", List.of(VOLUME), sightings, DAY, NOW)
                .of(List.of(machine), List.of())
                .found();
    }

    @Test
    void aCheckpointWithoutAValidTimeIsAsOldAsItIsKnown() {
        for (Instant created :
                new @Nullable Instant[] {null, NOW.plus(Duration.ofDays(900)), Instant.parse("1601-01-02T00:00:00Z")}) {
            assertThat(found(machine(List.of(2), 1, created), NOW.minusSeconds(60)))
                    .isEmpty();
            assertThat(found(machine(List.of(2), 1, created), NOW.minus(DAY)))
                    .singleElement()
                    .satisfies(each -> assertThat(each.since()).isEqualTo(NOW.minus(DAY)));
        }
        assertThat(found(machine(List.of(2), 1, NOW.plus(Duration.ofHours(12))), NOW.minus(DAY)))
                .as("a wrong time zone")
                .isEmpty();
    }

    @Test
    void aShadowCopyWithoutAValidTimeIsNotKnownToBeOld() {
        for (Instant created : new @Nullable Instant[] {null, Instant.parse("1601-01-01T00:00:00Z"), NOW.plus(DAY)}) {
            assertThat(copies(created)).isEmpty();
        }
        assertThat(copies(NOW.minus(DAY))).hasSize(1);
    }

    private static List<Leftover> copies(@Nullable Instant created) {
        ShadowCopy copy =
                new ShadowCopy("{1}", "{2}", "{3}", VOLUME.guidName(), "NODE1", true, ShadowCopy.CREATED, created);
        return new Classification("NODE1", List.of(VOLUME), Sightings.NONE, DAY, NOW)
                .of(List.of(), List.of(copy))
                .found();
    }

    @Test
    void unknownNumbersAreNeitherABackupNorMerging() {
        assertThat(found(machine(List.of(2, 40_000), 1, NOW), NOW.minus(DAY))).isEmpty();
        assertThat(found(machine(List.of(), null, NOW), NOW.minus(DAY))).isEmpty();
        assertThat(found(machine(List.of(2), 2, NOW.minus(DAY)), NOW.minus(DAY)))
                .as("enabled, by CIM")
                .extracting(Leftover::kind)
                .containsExactly(LeftoverKind.CHECKPOINT);
        assertThat(found(machine(List.of(2), 77, NOW.minus(DAY)), NOW.minus(DAY)))
                .extracting(Leftover::kind)
                .containsExactlyInAnyOrder(LeftoverKind.CHECKPOINT, LeftoverKind.NOT_MERGING);
    }

    /** It has no checkpoint, so none is fresh. */
    @Test
    void mergingIsOffAlsoWhileAMachineWithoutACheckpointIsBackedUp() {
        List<Integer> busy = List.of(2, VirtualMachine.BACKING_UP);
        VirtualMachine bare = machine(busy, 0, NOW);
        VirtualMachine without = new VirtualMachine(
                bare.id(), bare.name(), bare.operationalStatus(), bare.mergeState(), bare.paths(), List.of());

        assertThat(found(without, NOW.minusSeconds(1)))
                .extracting(Leftover::kind)
                .containsExactly(LeftoverKind.NOT_MERGING);
        assertThat(found(machine(busy, 0, NOW.minus(DAY)), NOW.minusSeconds(1)))
                .as("its checkpoint is fresh while it is backed up")
                .isEmpty();
    }

    /** Hyper-V lists one thing after the other: a backup that began meanwhile looks as if merging were off without one. */
    @Test
    void mergingThatIsOffDoesNotCountAtFirstSight() {
        VirtualMachine off = machine(List.of(2), 0, NOW.minus(DAY));

        assertThat(found(off, NOW)).extracting(Leftover::kind).containsExactly(LeftoverKind.CHECKPOINT);
        assertThat(found(off, NOW.minusSeconds(1)))
                .extracting(Leftover::kind)
                .containsExactlyInAnyOrder(LeftoverKind.CHECKPOINT, LeftoverKind.NOT_MERGING);
    }
}
