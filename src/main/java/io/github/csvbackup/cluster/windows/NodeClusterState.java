package io.github.csvbackup.cluster.windows;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;

/** The result of GetNodeClusterState for this machine (clusapi.h, NODE_CLUSTER_STATE), as sentences. */
final class NodeClusterState {
    private NodeClusterState() {}

    /**
     * Passes if the Cluster service runs here.
     *
     * @throws ClusterException that says what is missing and what to do
     */
    static void requireRunning(ClusApi api, SystemCalls system) throws ClusterException {
        IntByReference state = new IntByReference();
        system.check("GetNodeClusterState", api.GetNodeClusterState(null, state));
        switch (state.getValue()) {
            case ClusApi.CLUSTER_STATE_RUNNING -> {}
            case 0 ->
                throw ClusterException.unavailable(
                        "the Failover Clustering feature is not installed on this machine",
                        "Run the agent on a node of the cluster.");
            case 1 ->
                throw ClusterException.unavailable(
                        "this machine has the Failover Clustering feature but does not belong to a cluster",
                        "Run the agent on a node of the cluster.");
            case 3 ->
                throw ClusterException.unavailable(
                        "the Cluster service is not running on this node",
                        "Start it with Start-ClusterNode; the agent keeps trying.");
            default ->
                throw ClusterException.unavailable(
                        "the node's cluster state is " + state.getValue() + ", not running (19)",
                        "Check the Cluster service.");
        }
    }
}
