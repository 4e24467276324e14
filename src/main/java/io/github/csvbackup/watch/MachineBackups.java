package io.github.csvbackup.watch;

import java.util.List;

/**
 * What the virtual machines of a node said about backups when its Hyper-V last answered. That a machine is not listed says nothing.
 *
 * @param known false if Hyper-V did not answer the last question
 * @param running the machines that say that they are being backed up, one for each volume that they lie on; none on a node without Hyper-V
 */
public record MachineBackups(boolean known, List<MachineBackup> running) {
    public static final MachineBackups UNKNOWN = new MachineBackups(false, List.of());

    public MachineBackups {
        running = List.copyOf(running);
    }
}
