package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever the order of the questions, the answers are the same. */
class KnownVolumesTest {
    private static final WatchedVolume A = volume("a", 1);
    private static final WatchedVolume B1 = volume("b", 2);
    private static final WatchedVolume B2 = volume("b", 3);
    private static final WatchedVolume C = volume("c", 4);

    private final KnownVolumes known = new KnownVolumes(List.of(A, B1, B2, C));

    private static WatchedVolume volume(String disk, int number) {
        return new WatchedVolume(
                new Volume(
                        "id-" + disk,
                        "Disk " + disk,
                        "NODE1",
                        ResourceState.ONLINE,
                        "C:\\ClusterStorage\\Volume" + number,
                        StubCluster.guid(number),
                        FaultState.NO_FAULTS,
                        BackupState.NONE),
                null,
                new Moment(Instant.EPOCH, 0L),
                null,
                null,
                null,
                false,
                0,
                null,
                true);
    }

    private List<WatchedVolume> on(String disk) {
        return known.on("id-" + disk, "Disk " + disk);
    }

    @Test
    void inOrder() {
        assertThat(on("a")).containsExactly(A);
        assertThat(on("b")).containsExactly(B1, B2);
        assertThat(on("c")).containsExactly(C);
        assertThat(on("d")).isEmpty();
    }

    @Test
    void inAnotherOrderAndAgain() {
        assertThat(on("c")).containsExactly(C);
        assertThat(on("a")).containsExactly(A);
        assertThat(on("d")).isEmpty();
        assertThat(on("b")).containsExactly(B1, B2);
        assertThat(on("a")).containsExactly(A);
        assertThat(on("c")).containsExactly(C);
        assertThat(on("b")).containsExactly(B1, B2);
    }

    @Test
    void eachVolumeOfADisk() {
        assertThat(known.same(A.volume())).isSameAs(A);
        assertThat(known.same(B1.volume())).isSameAs(B1);
        assertThat(known.same(B2.volume())).isSameAs(B2);
        assertThat(known.same(C.volume())).isSameAs(C);
        assertThat(known.same(B1.volume())).isSameAs(B1);
        assertThat(known.same(volume("b", 9).volume())).isNull();
        assertThat(known.same(volume("d", 1).volume())).isNull();
    }

    @Test
    void aDiskWhoseIdIsNotKnownByItsName() {
        assertThat(known.on("id-new", "Disk b")).containsExactly(B1, B2);
        assertThat(known.on("id-b", "renamed")).containsExactly(B1, B2);
        assertThat(known.on("id-new", "new")).isEmpty();
    }
}
