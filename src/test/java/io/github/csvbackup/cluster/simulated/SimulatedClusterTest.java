package io.github.csvbackup.cluster.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeIoState.Reason;
import io.github.csvbackup.cluster.WindowsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine of backup mode and its timer, the life of VSS, and failures on request. */
class SimulatedClusterTest {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String OTHER = "C:\\ClusterStorage\\Volume2";
    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster cluster = new SimulatedCluster(clock, 2, 2);
    private final SimulatedClusterMBean controls = cluster.controls();

    private List<Volume> volumes() throws ClusterException {
        List<Volume> volumes = new ArrayList<>();
        for (String disk : cluster.overview().disks()) {
            volumes.addAll(cluster.volumes(disk));
        }
        return volumes;
    }

    private Volume volume(String path) throws ClusterException {
        return volumes().stream()
                .filter(volume -> volume.friendlyPath().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private BackupState state() throws ClusterException {
        return volume(VOLUME).backupState();
    }

    private int vss(String node) throws ClusterException {
        return cluster.service(node, Cluster.VSS).state();
    }

    private Node node(String name) throws ClusterException {
        return cluster.overview().nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNewClusterIsIdle() throws Exception {
        assertThat(cluster.overview().localNode()).isEqualTo("NODE1");
        assertThat(volumes())
                .hasSize(2)
                .allMatch(volume ->
                        volume.backupState().isNone() && volume.faultState().equals(FaultState.NO_FAULTS));
        assertThat(vss("NODE1")).isEqualTo(ServiceStatus.STOPPED);
        assertThat(controls.getSimulation()).contains("a simulated cluster in memory, not a real one");
    }

    @Test
    void preparingSetsTheStateOfThatVolumeAndItsTimerEndsItAfterHalfAnHour() throws Exception {
        controls.prepareBackup(VOLUME, "NODE2");
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(volume(VOLUME).faultState()).isEqualTo(FaultState.NO_DIRECT_IO);
        assertThat(volume(OTHER).backupState()).isEqualTo(BackupState.NONE);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.STOPPED);
        controls.advance(1799);
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        controls.advance(1);
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(volume(VOLUME).faultState()).isEqualTo(FaultState.NO_FAULTS);
    }

    @Test
    void theTimerAlsoRunsByTheClock() throws Exception {
        controls.prepareBackup(VOLUME, "NODE1");
        clock.advance(Duration.ofMinutes(30));
        assertThat(state()).isEqualTo(BackupState.NONE);
    }

    @Test
    void aBackupThatStartsCancelsTheTimerAndEndsTheStateWhenComplete() throws Exception {
        controls.prepareBackup(VOLUME, "NODE2");
        controls.startBackup(VOLUME, "NODE2");
        controls.advance(7200);
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.RUNNING);
        assertThat(cluster.shadowCopies("NODE2").copies()).singleElement().satisfies(copy -> {
            assertThat(copy.persistent()).isFalse();
            assertThat(copy.volumeName()).isEqualTo(volume(VOLUME).guidName());
        });
        controls.completeBackup(VOLUME);
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(cluster.shadowCopies("NODE2").copies()).isEmpty();
    }

    @Test
    void aBackupStartsWithoutBeingPrepared() throws Exception {
        controls.startBackup(VOLUME, "NODE1");
        controls.advance(1800);
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
    }

    @Test
    void aStartedBackupThatDiesLeavesTheStateForEver() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        assertThat(controls.killBackup(VOLUME)).contains("the state stays");
        controls.advance(Duration.ofDays(2).toSeconds());
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.STOPPED);
        assertThat(cluster.shadowCopies("NODE2").copies()).isEmpty();
    }

    @Test
    void aBackupThatReadsAPersistentCopyGoesOnWithoutVss() throws Exception {
        controls.startPersistentBackup(VOLUME, "NODE2");
        controls.advance(181);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.STOPPED);
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(cluster.shadowCopies("NODE2").copies()).singleElement().matches(ShadowCopy::persistent);

        assertThat(controls.completeBackup(VOLUME)).contains("the state is cleared");
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(cluster.shadowCopies("NODE2").copies()).isEmpty();
    }

    @Test
    void aPersistentCopyOutlivesItsBackup() throws Exception {
        controls.startPersistentBackup(VOLUME, "NODE2");
        assertThat(controls.killBackup(VOLUME)).contains("its shadow copy stays and the state stays");
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(cluster.shadowCopies("NODE2").copies()).hasSize(1);
    }

    @Test
    void backupsOfOneVolumeOverlapOnSeveralNodes() throws Exception {
        controls.startBackup(VOLUME, "NODE1");
        controls.startBackup(VOLUME, "NODE2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.startBackup(VOLUME, "NODE2"))
                .withMessageContaining("is already running on NODE2");

        assertThat(controls.completeBackup(VOLUME)).contains("the state stays, because another one is running");
        assertThat(cluster.shadowCopies("NODE1").copies()).isEmpty();
        assertThat(cluster.shadowCopies("NODE2").copies()).hasSize(1);
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);

        assertThat(controls.completeBackup(VOLUME)).contains("the state is cleared");
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(cluster.shadowCopies("NODE2").copies()).isEmpty();
    }

    @Test
    void whoUsesVssUsesItsProviderAndEachStopsByItself() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        assertThat(cluster.service("NODE2", Cluster.SOFTWARE_PROVIDER).state()).isEqualTo(ServiceStatus.RUNNING);
        controls.killBackup(VOLUME);
        controls.setServiceState("NODE2", "SWPRV", "STOPPED");
        assertThat(cluster.service("NODE2", Cluster.SOFTWARE_PROVIDER).state()).isEqualTo(ServiceStatus.STOPPED);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.RUNNING);
        assertFails(1060, () -> cluster.service("NODE2", "W32Time"));
    }

    @Test
    void aPreparedBackupThatDiesLeavesItsTimer() throws Exception {
        controls.prepareBackup(VOLUME, "NODE2");
        assertThat(controls.killBackup(VOLUME)).contains("the timer goes on");
        controls.advance(1800);
        assertThat(state()).isEqualTo(BackupState.NONE);
    }

    @Test
    void vssExitsThreeMinutesAfterItsLastUseAndAskingIsUse() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        controls.completeBackup(VOLUME);
        controls.advance(179);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.RUNNING);
        cluster.shadowCopies("NODE2");
        controls.advance(179);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.RUNNING);
        controls.advance(1);
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.STOPPED);
        cluster.shadowCopies("NODE2");
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.RUNNING);
    }

    @Test
    void aMoveEndsTheState() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        controls.killBackup(VOLUME);
        controls.moveVolume(VOLUME, "NODE2");
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(volume(VOLUME).ownerNode()).isEqualTo("NODE2");
    }

    @Test
    void aNodeThatIsPoweredOffLosesItsBackupsAndCannotBeAsked() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        controls.setNodeState("NODE2", "DOWN");
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(node("NODE2").isProvenDown()).isTrue();
        assertThat(volume(OTHER).ownerNode()).isEqualTo("NODE1");
        assertFails(1722, () -> cluster.service("NODE2", Cluster.VSS));
        assertFails(1722, () -> cluster.shadowCopies("NODE2"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.startBackup(VOLUME, "NODE2"))
                .withMessage("NODE2 is off; choose a running node.");
        controls.setNodeState("NODE2", "UP");
        assertThat(vss("NODE2")).isEqualTo(ServiceStatus.STOPPED);
    }

    @ParameterizedTest
    @CsvSource({"ISOLATED", "QUARANTINED", "DOWN_UNKNOWN"})
    void aNodeThatMayStillLiveIsNotProvenDown(String state) throws Exception {
        controls.setNodeState("NODE2", state);
        assertThat(node("NODE2").state().isDown()).isTrue();
        assertThat(node("NODE2").isProvenDown()).isFalse();
        assertFails(1722, () -> cluster.service("NODE2", Cluster.VSS));
    }

    @Test
    void theBackupOfAnIsolatedNodeGoesOn() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        controls.setNodeState("NODE2", "ISOLATED");
        controls.setNodeState("NODE2", "UP");
        assertThat(cluster.shadowCopies("NODE2").copies()).hasSize(1);
    }

    @Test
    void shadowCopiesOfOthersComeAndGo() throws Exception {
        controls.addShadowCopy(VOLUME, "NODE1", true);
        controls.addShadowCopy(OTHER, "NODE1", false);
        assertThat(cluster.shadowCopies("NODE1").copies())
                .extracting(ShadowCopy::persistent)
                .containsExactly(true, false);
        assertThat(controls.removeShadowCopies(VOLUME)).startsWith("1 shadow copies");
        assertThat(cluster.shadowCopies("NODE1").copies()).hasSize(1);
    }

    @Test
    void queriesForShadowCopiesAreCountedByNode() throws Exception {
        cluster.shadowCopies("NODE2");
        cluster.shadowCopies("NODE2");
        cluster.service("NODE1", Cluster.VSS);
        assertThat(controls.getShadowCopyQueries()).containsExactly("NODE1: 0", "NODE2: 2");
        cluster.shadowCopies("NODE1");
        assertThat(controls.getShadowCopyQueries()).containsExactly("NODE1: 1", "NODE2: 2");
    }

    @Test
    void theClearEndsTheStateWithoutRegardToBackups() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        cluster.clear(volume(VOLUME), VOLUME + "\\");
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThat(controls.getClearCalls()).isEqualTo(1);
    }

    @Test
    void aLyingClearReturnsAndDoesNothing() throws Exception {
        controls.startBackup(VOLUME, "NODE2");
        assertThat(controls.failNextCalls("ClusterClearBackupStateForSharedVolume", 0, 1))
                .isEqualTo("The next call of ClusterClearBackupStateForSharedVolume returns 0.");
        cluster.clear(volume(VOLUME), VOLUME + "\\");
        assertThat(state()).isEqualTo(BackupState.IN_PROGRESS);
        cluster.clear(volume(VOLUME), VOLUME + "\\");
        assertThat(state()).isEqualTo(BackupState.NONE);
    }

    @ParameterizedTest
    @CsvSource({"OpenClusterEx, 1753", "ClusterOpenEnum, 5", "GetClusterNodeState, 5050"})
    void functionsFailAsOftenAsTheyWereToldTo(String function, int code) throws Exception {
        assertThat(controls.failNextCalls(function, code, 2))
                .isEqualTo("The next 2 calls of " + function + " return " + code + ".");
        assertFails(code, cluster::overview);
        assertFails(code, cluster::overview);
        assertThat(cluster.overview().disks()).hasSize(2);
    }

    @Test
    void aDiskThatCannotBeReadKeepsNoOtherFromBeingRead() throws Exception {
        controls.failNextCalls("ClusterResourceControl", 5004, 1);
        assertFails(5004, () -> cluster.volumes("Cluster Disk 1"));
        assertThat(cluster.volumes("Cluster Disk 2")).hasSize(1);
    }

    @Test
    void readsOfOneDiskFailUntilThatEnds() throws Exception {
        assertThat(controls.failReads(VOLUME, 5910)).contains("returns 5910");
        assertFails(5910, () -> volume(VOLUME));
        cluster.volumes("Cluster Disk 2");

        assertThat(controls.failReads(VOLUME, 0)).contains("can be read");
        assertThat(state()).isEqualTo(BackupState.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.failReads(VOLUME, -1))
                .withMessageContaining("or 0 to end the failures");
    }

    @Test
    void aCallHangsUntilItIsReleased() throws Exception {
        controls.hangNextCall("OpenClusterEx");
        CompletableFuture<ClusterOverview> hung = CompletableFuture.supplyAsync(() -> {
            try {
                return cluster.overview();
            } catch (ClusterException e) {
                throw new IllegalStateException(e);
            }
        });
        while (Thread.getAllStackTraces().values().stream()
                .noneMatch(trace -> List.of(trace).toString().contains("Faults.enter"))) {
            Thread.onSpinWait();
        }
        assertThat(cluster.overview().disks()).hasSize(2);
        assertThat(hung).isNotDone();
        controls.releaseHungCalls();
        assertThat(hung.get(10, TimeUnit.SECONDS).disks()).hasSize(2);
    }

    @Test
    void unknownNamesListTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.prepareBackup("X", "NODE1"))
                .withMessage("Unknown volume \"X\"; allowed: " + VOLUME + ", " + OTHER + ".");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.prepareBackup(VOLUME, "X"))
                .withMessage("Unknown node \"X\"; allowed: NODE1, NODE2.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.setNodeState("NODE1", "SICK"))
                .withMessageContaining("allowed: UP, DOWN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.setServiceState("NODE1", "W32Time", "RUNNING"))
                .withMessageContaining("the service must be VSS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.failNextCalls("Sleep", 5, 1))
                .withMessageStartingWith("Unknown function \"Sleep\"; allowed: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.failNextCalls("OpenClusterEx", 0, 1))
                .withMessageContaining("the code must be a Win32 error code");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.advance(-1))
                .withMessageContaining("time only goes forward");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.completeBackup(VOLUME))
                .withMessage("No backup of " + VOLUME + " is running; start one first.");
    }

    private interface Call {
        Object run() throws ClusterException;
    }

    private static void assertFails(int code, Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aRenamedVolumeKeepsItsStateItsBackupAndItsIdentity() throws Exception {
        String name = "<b>\"50 %\" \u05d0\n1";
        Volume before = volume(VOLUME);
        controls.startBackup(VOLUME, "NODE1");

        assertThat(controls.renameVolume(VOLUME, name)).isEqualTo(VOLUME + " is now C:\\ClusterStorage\\" + name + ".");

        Volume renamed = volume("C:\\ClusterStorage\\" + name);
        assertThat(renamed.key()).isEqualTo(before.key());
        assertThat(renamed.backupState()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(controls.completeBackup(renamed.friendlyPath())).endsWith("the state is cleared.");
    }

    @Test
    void aNameThatNoOtherVolumeHasIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.renameVolume(VOLUME, "volume2"))
                .withMessage("The name \"volume2\" belongs to another volume; choose another name.");
        for (String unusable : new String[] {null, "", "a\\"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> controls.renameVolume(VOLUME, unusable))
                    .withMessage(
                            "The name \"" + unusable
                                    + "\" is empty or ends with a backslash; use the folder's name below C:\\ClusterStorage\\.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.renameVolume("C:\\ClusterStorage\\Volume9", "a"))
                .withMessageContaining("allowed: " + VOLUME + ", " + OTHER + ".");
        assertThat(controls.renameVolume(VOLUME, "VOLUME")).endsWith("is now C:\\ClusterStorage\\VOLUME.");
    }

    @Test
    void anOldWindowsHasNoStatusInformation() throws Exception {
        controls.setWindowsVersion("NODE2", "6.1");
        controls.setNodeState("NODE2", "DOWN");

        assertThat(node("NODE2").statusInformation()).isNull();
        assertThat(node("NODE2").version()).isEqualTo(new WindowsVersion(6, 1));
        assertThatThrownBy(() -> controls.setWindowsVersion("NODE2", "XP"))
                .hasMessage("Version \"XP\" is not valid; use two numbers with a dot, such as 6.1 or 10.0.");
    }

    @Test
    void howANodeReachesAVolumeCanBeSetAndEndsWithDirect() throws Exception {
        controls.setIoState(VOLUME, "NODE2", "block_redirected", "no_disk_connectivity, REFS");
        assertThat(cluster.ioStates("Cluster Disk 1"))
                .extracting(VolumeIoState::node, VolumeIoState::stateName, VolumeIoState::reasons)
                .contains(
                        tuple("NODE1", "DIRECT", List.of()),
                        tuple("NODE2", "BLOCK_REDIRECTED", List.of(Reason.REFS, Reason.NO_DISK_CONNECTIVITY)));

        controls.setIoState(VOLUME, "NODE2", "DIRECT", "");
        assertThat(cluster.ioStates("Cluster Disk 1")).allMatch(VolumeIoState::isDirect);
        assertThatThrownBy(() -> controls.setIoState(VOLUME, "NODE2", "SLOW", ""))
                .hasMessageStartingWith("Unknown I/O state \"SLOW\"; allowed: UNAVAILABLE, PAUSED, DIRECT,");
        assertThatThrownBy(() -> controls.setIoState(VOLUME, "NODE2", "PAUSED", "MOOD"))
                .hasMessageStartingWith("Unknown reason \"MOOD\"; allowed: [USER_REQUEST,");
    }

    @Test
    void aFaultStateCanBeSet() throws Exception {
        controls.setFaultState(VOLUME, "IN_MAINTENANCE");
        assertThat(volume(VOLUME).faultState()).isEqualTo(FaultState.IN_MAINTENANCE);
        controls.setFaultState(VOLUME, "no_faults");
        assertThat(volume(VOLUME).faultState()).isEqualTo(FaultState.NO_FAULTS);
        assertThatThrownBy(() -> controls.setFaultState(VOLUME, "BROKEN"))
                .hasMessageStartingWith("Unknown fault state \"BROKEN\"; allowed: [NO_FAULTS,");
    }

    @Test
    void aForeignShadowCopyIsListedUnderItsOwnName() throws Exception {
        controls.addForeignShadowCopy("\\\\FS1\\share\\", "NODE1", false);

        assertThat(cluster.shadowCopies("NODE1").copies())
                .singleElement()
                .extracting(ShadowCopy::volumeName)
                .isEqualTo("\\\\FS1\\share\\");
    }
}
