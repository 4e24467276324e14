package io.github.csvbackup.cluster.simulated;

import org.jspecify.annotations.Nullable;

/**
 * A backup that the simulation runs.
 *
 * @param node where its program runs
 * @param shadowCopy id of its auto-release shadow copy; null while it is only prepared
 */
record SimulatedBackup(String node, @Nullable String shadowCopy) {}
