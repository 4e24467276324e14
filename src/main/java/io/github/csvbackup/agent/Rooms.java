package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;

/**
 * The parts that touch the outside, to be replaced in tests.
 *
 * @param windows opens the cluster of this Windows node; not called for a simulated one
 * @param web starts the HTTP server
 */
record Rooms(WindowsCluster windows, Web.Factory web) {
    /** How the real cluster is opened. */
    @FunctionalInterface
    interface WindowsCluster {
        Cluster open() throws ClusterException;
    }
}
