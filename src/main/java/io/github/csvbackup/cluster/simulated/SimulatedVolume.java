package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One volume: backup mode and Volume Backup Timer of [MS-CMRP] 3.1.1.4, and the backups that the simulation runs on it. Guarded by the
 * cluster's lock.
 */
final class SimulatedVolume {
    /** The delay that ClusterPrepareSharedVolumeForBackup asks for. */
    private static final Duration TIMER = Duration.ofMinutes(30);

    /** The parent folder of all volumes. */
    static final String ROOT = "C:\\ClusterStorage\\";

    final int number;
    private final String resourceId;
    private final String resourceName;
    private final String guidName;
    private String path;
    String owner;
    ResourceState resourceState = ResourceState.ONLINE;

    /** In the order in which they began; at most one per node. */
    final List<SimulatedBackup> backups = new ArrayList<>();

    /** Set by the user, by the node's name; nodes without an entry are in direct I/O, unless the volume is in backup mode. */
    Map<String, SimulatedIo> io = Map.of();

    /** Set by the user; NO_FAULTS leaves it to the backup mode. */
    FaultState fault = FaultState.NO_FAULTS;

    private boolean backupMode;
    private @Nullable Instant timerEnd;

    SimulatedVolume(int number, String owner) {
        this.number = number;
        this.resourceId = String.format(Locale.ROOT, "5f0c9a10-0000-4000-9000-%012x", number);
        this.resourceName = "Cluster Disk " + number;
        this.guidName = String.format(Locale.ROOT, "\\\\?\\Volume{5f0c9a10-0000-4000-8000-%012x}\\", number);
        this.path = ROOT + "Volume" + number;
        this.owner = owner;
    }

    /** The backup whose program runs on a node; null if there is none. */
    @Nullable
    SimulatedBackup backupOn(String node) {
        return backups.stream()
                .filter(backup -> backup.node().equals(node))
                .findFirst()
                .orElse(null);
    }

    String path() {
        return path;
    }

    /** @param name the folder below the parent folder of all volumes */
    void rename(String name) {
        path = ROOT + name;
    }

    String resourceId() {
        return resourceId;
    }

    String resourceName() {
        return resourceName;
    }

    String guidName() {
        return guidName;
    }

    /** SET_SHARED_VOLUME_BACKUP_MODE(1, 1800): sets the mode and restarts the timer. */
    void prepare(Instant now) {
        backupMode = true;
        timerEnd = now.plus(TIMER);
    }

    /** The cluster detects the start of a backup: cancels the timer and sets the mode. */
    void detect() {
        backupMode = true;
        timerEnd = null;
    }

    /** Ends the mode, for any reason, and cancels the timer. */
    void leaveBackupMode() {
        backupMode = false;
        timerEnd = null;
    }

    BackupState backupState(Instant now) {
        if (timerEnd != null && !now.isBefore(timerEnd)) {
            leaveBackupMode();
        }
        return backupMode ? BackupState.IN_PROGRESS : BackupState.NONE;
    }

    boolean timerRuns() {
        return timerEnd != null;
    }

    Volume volume(Instant now) {
        BackupState state = backupState(now);
        return new Volume(
                resourceId,
                resourceName,
                owner,
                resourceState,
                path,
                guidName,
                fault.equals(FaultState.NO_FAULTS) && state.isInProgress() ? FaultState.NO_DIRECT_IO : fault,
                state);
    }
}
