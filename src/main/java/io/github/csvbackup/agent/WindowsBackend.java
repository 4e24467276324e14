package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.windows.WindowsCluster;

/** How the real cluster is opened; not called for a simulated one. */
@FunctionalInterface
public interface WindowsBackend {
    /** The cluster of this node. No method reference: that would load JNA's classes for a simulated cluster too. */
    WindowsBackend OF_THIS_NODE = () -> WindowsCluster.open(Pipeline.SHADOW_COPY_DEADLINE);

    Cluster open() throws ClusterException;
}
