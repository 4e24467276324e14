package io.github.csvbackup.cluster.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The virtual machines of the simulated cluster, as its holder and an agent that is another node see them. */
class SimulatedMachinesTest {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster cluster = new SimulatedCluster(clock, 2, 2);
    private final SimulatedClusterMBean controls = cluster.controls();
    private Holder holder;
    private Cluster node2;

    @BeforeEach
    void join() throws Exception {
        holder = new Holder(cluster::answer, 0);
        node2 = new JoinedCluster(holder.url(), "NODE2", () -> holder.token);
    }

    @AfterEach
    void leave() {
        node2.close();
        holder.close();
    }

    private static VirtualMachine only(Cluster cluster) throws ClusterException {
        List<VirtualMachine> machines = cluster.virtualMachines().orElseThrow();
        assertThat(machines).hasSize(1);
        return machines.get(0);
    }

    @Test
    void eachNodeSeesItsOwnMachines() throws Exception {
        controls.addMachine("NODE1", "SQL-7", VOLUME);
        controls.addMachine("node2", "Büro \"1\" 'é", "C:\\ClusterStorage\\Volume2");
        controls.addCheckpoint("Büro \"1\" 'é", 90_000);

        assertThat(only(cluster).name()).isEqualTo("SQL-7");
        assertThat(only(cluster).paths()).contains(VOLUME + "\\SQL-7");
        assertThat(only(node2)).isEqualTo(only(cluster.seenBy("NODE2")));
        assertThat(only(node2).name()).isEqualTo("Büro \"1\" 'é");
        assertThat(only(node2).checkpoints())
                .extracting(RecoveryCheckpoint::created)
                .containsExactly(clock.instant().minusSeconds(90_000));

        controls.moveMachine("SQL-7", "NODE2");
        assertThat(cluster.virtualMachines().orElseThrow()).isEmpty();
        assertThat(node2.virtualMachines().orElseThrow()).hasSize(2);
        controls.removeMachine("SQL-7");
        assertThat(node2.virtualMachines().orElseThrow()).hasSize(1);
        assertThat(controls.getMachines())
                .containsExactly("Büro \"1\" 'é runs on NODE2, 1 recovery checkpoints, merging on");
    }

    @Test
    void aBackupMakesACheckpointAndEndsWithIt() throws Exception {
        controls.addMachine("NODE1", "SQL-7", VOLUME);
        controls.addCheckpoint("SQL-7", 60);
        controls.backUpMachine("SQL-7");
        assertThat(only(cluster).isBackingUp()).isTrue();
        assertThat(only(cluster).checkpoints()).hasSize(2);
        assertThat(controls.getMachines()[0]).endsWith("is being backed up");
        assertThatIllegalArgumentException().isThrownBy(() -> controls.backUpMachine("SQL-7"));

        controls.endMachineBackup("SQL-7");
        assertThat(only(cluster).isBackingUp()).isFalse();
        assertThat(only(cluster).checkpoints()).hasSize(1);
        assertThatIllegalArgumentException().isThrownBy(() -> controls.endMachineBackup("SQL-7"));
    }

    @Test
    void differencingDisksGrowAndStayWhileMergingIsOff() throws Exception {
        controls.addMachine("NODE1", "SQL-7", VOLUME);
        controls.addMachine("NODE1", "SQL-70", VOLUME);
        List<String> folders = List.of(VOLUME + "\\sql-7", VOLUME + "\\SQL-7\\Virtual Hard Disks");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.growDisks("SQL-7", 1))
                .withMessage("The machine SQL-7 has no differencing disk; add a checkpoint first.");
        controls.addCheckpoint("SQL-7", 60);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.growDisks("SQL-7", -1))
                .withMessage("growDisks(-1): use 0 or more bytes.");
        controls.addCheckpoint("SQL-70", 60);
        controls.growDisks("SQL-7", 4096);

        assertThat(cluster.differencingDisks(folders)).isEqualTo(new DifferencingDisks(1, 4096, true));
        assertThat(node2.differencingDisks(List.of(VOLUME + "\\"))).isEqualTo(new DifferencingDisks(2, 4096, true));

        controls.setMerging("SQL-7", false);
        assertThat(mergeState(cluster.virtualMachines().orElseThrow().get(0))).isZero();
        controls.removeCheckpoint("SQL-7");
        assertThat(cluster.differencingDisks(folders).bytes()).isEqualTo(4096);

        controls.setMerging("SQL-7", true);
        assertThat(mergeState(cluster.virtualMachines().orElseThrow().get(0))).isEqualTo(1);
        assertThat(cluster.differencingDisks(folders)).isEqualTo(new DifferencingDisks(0, 0, true));
        assertThatIllegalArgumentException().isThrownBy(() -> controls.removeCheckpoint("SQL-7"));
    }

    private static Integer mergeState(VirtualMachine machine) {
        return machine.mergeState();
    }

    @Test
    void nodesWithoutHyperVAndOldOnesSaySo() throws Exception {
        controls.setHyperV("NODE1", false);
        assertThat(cluster.virtualMachines()).isEmpty();
        controls.setHyperV("NODE1", true);
        assertThat(cluster.virtualMachines()).hasValue(List.of());

        controls.setWindowsVersion("NODE2", "6.1");
        assertThat(node2.virtualMachines()).isEmpty();
        controls.setWindowsVersion("NODE2", "6.3");
        controls.addMachine("NODE2", "SQL-7", VOLUME);
        assertThat(only(node2).mergeState()).isNull();
    }

    @Test
    void failuresOfHyperVAndOfTheDiskComeOnRequest() throws Exception {
        controls.failNextCalls("Msvm_VirtualSystemSettingData", 5, 1);
        assertThatThrownBy(node2::virtualMachines)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("Msvm_VirtualSystemSettingData");
        controls.failNextCalls("FindFirstFile", 5, 1);
        assertThatThrownBy(() -> node2.differencingDisks(List.of(VOLUME))).isInstanceOf(ClusterException.class);
        assertThat(node2.virtualMachines()).isPresent();
    }

    @Test
    void anAnswerThatIsNoListIsNotUnderstood() {
        holder.answers = request -> "{\"answer\":7}";
        assertThatThrownBy(node2::virtualMachines).hasMessageContaining("is not understood");
    }

    @Test
    void unknownNamesAndDuplicatesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.removeMachine("SQL-7"))
                .withMessage("Unknown machine \"SQL-7\"; none was added.");
        controls.addMachine("NODE1", "SQL-7", VOLUME);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.addMachine("NODE1", "SQL-7", VOLUME))
                .withMessageContaining("choose another name");
        assertThatIllegalArgumentException().isThrownBy(() -> controls.addMachine("NODE1", "", VOLUME));
        assertThatIllegalArgumentException().isThrownBy(() -> controls.addMachine("NODE9", "A", VOLUME));
        assertThatIllegalArgumentException().isThrownBy(() -> controls.addMachine("NODE1", "A", "X:\\"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.addCheckpoint("SQL-8", 1))
                .withMessage("Unknown machine \"SQL-8\"; allowed: SQL-7.");
    }

    @Test
    void aThousandMachinesFitIntoAnAnswer() throws Exception {
        for (int i = 0; i < 1000; i++) {
            controls.addMachine("NODE2", "machine " + i, VOLUME);
            controls.addCheckpoint("machine " + i, i);
        }
        assertThat(node2.virtualMachines().orElseThrow()).hasSize(1000);
    }
}
