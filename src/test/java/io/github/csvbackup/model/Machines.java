package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.util.EnumSet;
import java.util.Set;

/** One virtual machine on each volume, with the volume's name in the model. They run on the agent's own node. */
final class Machines {
    private final SimulatedClusterMBean controls;
    private final Set<VolumeName> backedUp = EnumSet.noneOf(VolumeName.class);

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

    void endBackup(VolumeName volume) {
        if (backedUp.remove(volume)) {
            controls.endMachineBackup(volume.name());
        }
    }
}
