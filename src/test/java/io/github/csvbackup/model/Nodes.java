package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
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
    private final Set<NodeName> isolated = EnumSet.noneOf(NodeName.class);
    private boolean isolates = true;

    Nodes(SimulatedClusterMBean controls) {
        this.controls = controls;
    }

    void set(NodeName node, State state) {
        boolean isolation = state == State.ISOLATED || state == State.QUARANTINED;
        if (isolation && !isolates) {
            return;
        }
        isolated.remove(node);
        if (isolation) {
            isolated.add(node);
        }
        controls.setNodeState(node.name(), state.name());
    }

    /** The versions of Windows that the nodes have; a cluster is mixed while it is upgraded. */
    enum Windows {
        BEFORE_2016("6.1", "6.3"),
        MIXED("6.3", "10.0"),
        SINCE_2016("10.0", "10.0");

        private final String first;
        private final String other;

        Windows(String first, String other) {
            this.first = first;
            this.other = other;
        }
    }

    /** Windows before 2016 does not isolate nodes: what was isolated is up then. */
    void setWindows(Windows windows) {
        for (NodeName node : NodeName.values()) {
            controls.setWindowsVersion(node.name(), node == NodeName.NODE1 ? windows.first : windows.other);
        }
        isolates = windows == Windows.SINCE_2016;
        for (NodeName node : NodeName.values()) {
            if (!isolates && isolated.remove(node)) {
                set(node, State.UP);
            }
        }
    }

    boolean isUp(NodeName node) {
        return lines().anyMatch(line -> line.startsWith(node + " is UP"));
    }

    /** False if the cluster reports the node as down, as it does for isolated and quarantined nodes. */
    boolean isInCluster(NodeName node) {
        return lines().noneMatch(line -> line.startsWith(node + " is DOWN"));
    }

    boolean isOneInCluster() {
        return lines().anyMatch(line -> !line.contains(" is DOWN"));
    }

    /** A line for each node. The simulated cluster stops an idle service only when it is read, as here. */
    private Stream<String> lines() {
        return Arrays.stream(controls.getNodes());
    }
}
