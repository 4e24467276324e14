package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.util.Arrays;
import java.util.stream.Stream;

/** The states of the nodes of the simulated cluster. */
final class Nodes {
    /** States that the simulated cluster can give a node; it knows them by these names. */
    enum State {
        UP,
        PAUSED,
        DOWN,
        /** Down, and the cluster does not know whether the machine still runs. */
        DOWN_UNKNOWN,
        ISOLATED,
        QUARANTINED;

        /** True if the machine is off, which ends all that ran on it. */
        boolean isOff() {
            return this == DOWN || this == DOWN_UNKNOWN;
        }
    }

    private final SimulatedClusterMBean controls;

    Nodes(SimulatedClusterMBean controls) {
        this.controls = controls;
    }

    void set(NodeName node, State state) {
        controls.setNodeState(node.name(), state.name());
    }

    boolean isUp(NodeName node) {
        return lines().anyMatch(line -> line.startsWith(node + " is UP"));
    }

    /** True unless the cluster takes the node for down, as it does with one that is isolated or quarantined. */
    boolean isInCluster(NodeName node) {
        return lines().noneMatch(line -> line.startsWith(node + " is DOWN"));
    }

    boolean isOneInCluster() {
        return lines().anyMatch(line -> !line.contains(" is DOWN"));
    }

    /** A line for each node. The simulated cluster lets an idle service stop only when it is looked at, as it is here. */
    private Stream<String> lines() {
        return Arrays.stream(controls.getNodes());
    }
}
