package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.util.EnumSet;
import java.util.Set;

/** Two virtual machines on each volume: one on the agent's own node, with the volume's name in the model, and one on the other node. */
final class Machines {
    private final SimulatedClusterMBean controls;
    private final Set<VolumeName> backedUp = EnumSet.noneOf(VolumeName.class);
    /** Only the agent of their node sees these. */
    private final Set<VolumeName> backedUpOnNode2 = EnumSet.noneOf(VolumeName.class);

    Machines(SimulatedClusterMBean controls) {
        this.controls = controls;
        for (VolumeName volume : VolumeName.values()) {
            controls.addMachine(NodeName.NODE1.name(), volume.name(), volume.path);
        }
    }

    void backUp(VolumeName volume) {
        if (backedUp.add(volume)) {
            controls.backUpMachine(volume.name());
        }
    }

    void backUpOnNode2(VolumeName volume) {
        backedUpOnNode2.add(volume);
    }

    /** The backups of its machines end. Node 1 is that of the agent, which goes on. */
    void turnedOff(NodeName node) {
        if (node == NodeName.NODE2) {
            backedUpOnNode2.clear();
        }
    }

    void endBackupOnNode2(VolumeName volume) {
        backedUpOnNode2.remove(volume);
    }

    Set<VolumeName> backedUpOnNode2() {
        return Set.copyOf(backedUpOnNode2);
    }

    void endBackup(VolumeName volume) {
        if (backedUp.remove(volume)) {
            controls.endMachineBackup(volume.name());
        }
    }
}
