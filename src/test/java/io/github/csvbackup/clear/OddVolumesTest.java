package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that share a friendly path, or whose names Windows changes: a clear reaches the right volume, or none. */
@Tag("jdk-independent")
class OddVolumesTest extends ClearingFixture {
    private static final String GUID = StubCluster.guid(1);
    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";
    private static final String BOTH = "\"C:\\ClusterStorage\\Volume1\" is the name of 2 volumes, " + GUID
            + " on Cluster Disk 1 and " + StubCluster.guid(7)
            + " on Cluster Disk 7: use the GUID name of the one that you mean.";

    private static Volume disk7(String path, BackupState state) {
        return new Volume(
                "id-7",
                "Cluster Disk 7",
                "NODE1",
                ResourceState.ONLINE,
                path,
                StubCluster.guid(7),
                FaultState.NO_FAULTS,
                state);
    }

    /** Another volume with the path of Volume1. */
    private void twin(BackupState state) {
        cluster.volumes.put("twin", disk7(VOLUME1, state));
    }

    private void fail87() {
        cluster.clearFailure = ClusterException.win32(FUNCTION, 87);
    }

    @ParameterizedTest
    @ValueSource(strings = {VOLUME1, "c:/clusterstorage/volume1/vm/disk.vhdx"})
    void aPathOfTwoVolumesIsRefusedAndNamesBoth(String path) {
        twin(BackupState.IN_PROGRESS);

        ClearResult result = clearing.clear(path, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.win32Code()).isNull();
        assertThat(result.message()).isEqualTo(BOTH);
        assertThat(clearing.forceClear(path, VOLUME1, REASON, OPERATOR).message())
                .isEqualTo(BOTH);
        assertThatThrownBy(() -> clearing.assess(path, OPERATOR)).hasMessage(BOTH);
        assertThatThrownBy(() -> clearing.assess(path, ANONYMOUS)).hasMessage(BOTH);
        assertThatThrownBy(() -> clearing.shadowCopies(path, OPERATOR)).hasMessage(BOTH);
        nothingWasCalled();
    }

    @Test
    void theGuidNameIsClearedByTheGuidNameAndByNothingElse() {
        twin(BackupState.IN_PROGRESS);

        ClearResult result = clearing.clear(GUID, OPERATOR);

        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.CLEARED);
        assertThat(result.volume()).isEqualTo(GUID);
        assertThat(result.message()).contains(GUID).doesNotContain(VOLUME1);
        assertThat(cluster.cleared).containsExactly(GUID);
        assertThat(cluster.volumes.get("twin").backupState()).isEqualTo(BackupState.IN_PROGRESS);
        assertThat(clearing.counts().requests()).containsEntry(GUID, Map.of(Outcome.CLEARED, 1L));
        assertThat(audit.stream().map(line -> line.fields().get("volume"))).containsOnly(GUID);
        assertThat(clearing.assess(GUID, OPERATOR).volume().guidName()).isEqualTo(GUID);
        assertThat(clearing.shadowCopies(GUID, OPERATOR).volume().guidName()).isEqualTo(GUID);
    }

    /** The path of an offline disk is remembered: the disk may come back, and then it is unknown which volume Windows means. */
    @Test
    void aRememberedVolumeIsAVolumeTooAndTheOtherOneIsClearedByItsGuidName() {
        cluster.volumes.put("twin", disk7(VOLUME1, BackupState.NONE));
        watcher.refresh();
        cluster.volumes.remove("twin");
        cluster.unreadable.add(
                new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));

        assertThat(clearing.clear(VOLUME1, OPERATOR).message()).isEqualTo(BOTH);
        nothingWasCalled();
        assertThat(clearing.clear(GUID, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly(GUID);
    }

    @Test
    void namesThatDifferInCaseAreClearedByTheirGuidNames() {
        cluster.put(disk7("c:\\clusterstorage\\VOLUME1", BackupState.IN_PROGRESS));

        assertThat(clearing.clear(VOLUME1, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly(GUID);
    }

    @Test
    void forceWantsTheGuidNameTypedAgain() {
        twin(BackupState.NONE);
        clock.advance(Duration.ofHours(1));

        ClearResult byPath = clearing.forceClear(GUID, VOLUME1, REASON, OPERATOR);

        assertThat(byPath.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(byPath.message())
                .endsWith("but the path is on " + GUID + ". Type the volume's GUID name again, exactly.");
        nothingWasCalled();
        assertThat(clearing.forceClear(GUID, GUID.substring(0, GUID.length() - 1), REASON, OPERATOR)
                        .outcome())
                .isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly(GUID);
    }

    @Test
    void aVolumeWhosePathIsTakenOverDuringTheChecksIsNotCleared() {
        cluster.beforeRereading = () -> cluster.rename(VOLUME1, "C:\\ClusterStorage\\Volume1.001");

        ClearResult result = clearing.clear(VOLUME1, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message()).contains("changed during the checks (path C:\\ClusterStorage\\Volume1.001,");
        nothingWasCalled();
    }

    @Test
    void twoAbandonedStatesOnOnePathAreToldOfOnceEach() {
        cluster.volumes.put("twin", disk7(VOLUME1, BackupState.NONE));
        watcher.refresh();
        cluster.volumes.put("twin", disk7(VOLUME1, BackupState.IN_PROGRESS));
        for (int i = 0; i < 400; i++) {
            pollFor(Duration.ofSeconds(10));
            clearing.polled();
        }

        assertThat(clearing.abandoned()).containsExactlyInAnyOrderEntriesOf(Map.of(GUID, 1L, StubCluster.guid(7), 1L));
        assertThat(events).filteredOn(ClearEvent.Abandoned.class::isInstance).hasSize(2);
    }

    @Test
    void anUnknownStateIsNamedAndNotCalledAChange() {
        cluster.set(VOLUME1, new BackupState(7));

        ClearResult result = clearing.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.message())
                .startsWith(
                        "The clear function was not called: the cluster reports the backup state 7 of C:\\ClusterStorage\\Volume1, which the"
                                + " agent does not know and therefore does not clear. VSS on NODE1 and NODE2 started at ");
        assertThat(result.stateAfter()).isEqualTo("7");
        nothingWasCalled();
    }

    @Test
    void aPathThatIsNotKnownHereIsForTheAgentOfTheOwner() {
        cluster.own(VOLUME1, "NODE2");
        pollFor(Duration.ofMinutes(35));
        fail87();

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .endsWith(
                        "The cluster lists C:\\ClusterStorage\\Volume1 as a shared volume, but the function rejects its path: it"
                                + " may accept the path only on the node that owns the volume. Use the agent on NODE2.");
    }

    @Test
    void onTheOwnerItselfTheMountPointIsToBeLookedAt() {
        fail87();

        assertThat(clearing.clear(VOLUME1, OPERATOR).message())
                .endsWith("rejects its path: check the mount point on NODE1 and try there.");
    }

    @Test
    void aGuidNameThatTheFunctionDoesNotTakeIsSaidToBeOne() {
        twin(BackupState.NONE);
        fail87();

        ClearResult result = clearing.clear(GUID, OPERATOR);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.message())
                .endsWith(
                        "it received the GUID name, because Windows may resolve the path C:\\ClusterStorage\\Volume1 to"
                                + " another volume. Give the volume's folder a unique name, then try again.");
    }

    @Test
    void aFolderWithAShortNameIsClearedByItsPath() {
        cluster.rename(VOLUME1, "C:\\ClusterStorage\\SQL~1");

        assertThat(clearing.clear("C:\\ClusterStorage\\SQL~1\\data", OPERATOR).outcome())
                .isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly("C:\\ClusterStorage\\SQL~1\\");
    }

    /** Windows would drop the end of the path, and the rest may be another volume's path. */
    @ParameterizedTest
    @ValueSource(strings = {"C:\\ClusterStorage\\Volume10.", "C:\\ClusterStorage\\Volume10 "})
    void aFolderThatEndsInADotOrASpaceIsClearedByItsGuidName(String path) {
        cluster.rename(VOLUME1, path);
        watcher.refresh();

        assertThat(clearing.forceClear(path, path, REASON, OPERATOR).outcome()).isEqualTo(Outcome.CLEARED);
        assertThat(cluster.cleared).containsExactly(GUID);
        assertThat(audit.stream().map(AuditLine::kind).toList()).isEqualTo(List.of("intent", "outcome"));
    }
}
