package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.VolumeIoState;
import java.util.Set;

/**
 * How a node reaches a volume.
 *
 * @param state one of the numbers in {@link VolumeIoState}
 */
record SimulatedIo(int state, Set<VolumeIoState.Reason> reasons) {
    static final SimulatedIo DIRECT = new SimulatedIo(VolumeIoState.DIRECT, Set.of());

    /** A volume in backup mode is redirected, as on Windows, without a reason. */
    static final SimulatedIo IN_BACKUP_MODE = new SimulatedIo(VolumeIoState.FILE_SYSTEM_REDIRECTED, Set.of());
}
