package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachinePlacesTest {
    private static final Volume ONE = volume("Volume1", "{1}");
    private static final Volume TEN = volume("Volume10", "{10}");
    private static final MachinePlaces PLACES = new MachinePlaces(List.of(ONE, TEN));

    private static Volume volume(String name, String guid) {
        return new Volume(
                "disk " + name,
                name,
                "NODE1",
                ResourceState.ONLINE,
                "C:\\ClusterStorage\\" + name,
                "\\\\?\\Volume" + guid + "\\",
                FaultState.NO_FAULTS,
                BackupState.NONE);
    }

    private static VirtualMachine machine(List<String> paths, List<String> ofCheckpoint) {
        return new VirtualMachine(
                "id", "name", List.of(2), null, paths, List.of(new RecoveryCheckpoint("c", "c", null, ofCheckpoint)));
    }

    @Test
    void aPathBelongsToTheVolumeWhoseWholeFolderItBeginsWith() {
        assertThat(PLACES.of(machine(List.of("c:\\clusterstorage\\VOLUME10\\A"), List.of())))
                .isEqualTo(Map.of(TEN.key(), List.of("c:\\clusterstorage\\VOLUME10\\A")));
        assertThat(PLACES.of(machine(List.of("C:/ClusterStorage/Volume1"), List.of())))
                .containsOnlyKeys(ONE.key());
        assertThat(PLACES.of(machine(List.of("\\\\?\\C:\\ClusterStorage\\Volume1\\A"), List.of())))
                .containsOnlyKeys(ONE.key());
        assertThat(PLACES.of(machine(List.of("\\\\?\\volume{10}\\A"), List.of())))
                .containsOnlyKeys(TEN.key());
    }

    @Test
    void aMachineLiesOnEachVolumeThatHoldsAPartOfIt() {
        assertThat(PLACES.of(machine(
                        List.of("C:\\ClusterStorage\\Volume1\\A", "C:\\ClusterStorage\\Volume10\\Disks\\a.vhdx"),
                        List.of("C:\\ClusterStorage\\Volume10\\Disks\\a_1F.AVHDX"))))
                .isEqualTo(Map.of(
                        ONE.key(), List.of("C:\\ClusterStorage\\Volume1\\A"),
                        TEN.key(), List.of("C:\\ClusterStorage\\Volume10\\Disks")));
    }

    /** Below it lie the disks of all machines. */
    @Test
    void theRootOfAVolumeIsNoFolderOfAMachine() {
        assertThat(PLACES.of(machine(
                        List.of("C:\\ClusterStorage\\Volume1\\", "C:\\ClusterStorage\\Volume1\\a.vhdx"),
                        List.of("\\\\?\\Volume{10}\\", "C:\\ClusterStorage\\Volume10\\A"))))
                .isEqualTo(Map.of(ONE.key(), List.of(), TEN.key(), List.of("C:\\ClusterStorage\\Volume10\\A")));
    }

    @Test
    void aMachineElsewhereLiesOnNoVolume() {
        assertThat(PLACES.of(machine(
                        List.of("D:\\A", "", "\\\\FS1\\share\\a.vhdx", "C:\\ClusterStorage\\Volume2\\A"), List.of())))
                .isEmpty();
    }
}
