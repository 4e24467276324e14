package io.github.csvbackup.cluster.simulated;

import org.jspecify.annotations.Nullable;

/**
 * A backup in the simulation.
 *
 * @param node the node that its program runs on
 * @param shadowCopy id of its auto-release shadow copy; null while it is only prepared
 */
record SimulatedBackup(String node, @Nullable String shadowCopy) {}
