package io.github.csvbackup.cluster.simulated;

import org.jspecify.annotations.Nullable;

/**
 * A backup in the simulation.
 *
 * @param node the node that its program runs on
 * @param shadowCopy id of its shadow copy; null while it is only prepared
 * @param persistent its copy outlives its program, which reads it without a VSS session
 */
record SimulatedBackup(String node, @Nullable String shadowCopy, boolean persistent) {}
