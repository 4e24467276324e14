package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.VolumeKey;
import java.time.Instant;

/**
 * A virtual machine that says that it is being backed up. That no machine says so means nothing.
 *
 * @param volume a volume that the machine lies on
 * @param node the node whose Hyper-V said it
 * @param machine the machine's name
 * @param at when it was said
 */
public record MachineBackup(VolumeKey volume, String node, String machine, Instant at) {}
