package io.github.csvbackup.model;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** The services VSS and swprv of the nodes. VSS runs while a session is open, and stops at some time after the last. */
final class Services {
    enum Service {
        VSS(Cluster.VSS),
        SOFTWARE_PROVIDER(Cluster.SOFTWARE_PROVIDER);

        private final String windowsName;

        Service(String windowsName) {
            this.windowsName = windowsName;
        }
    }

    /** States that the simulated cluster can give a service; it knows them by these names. */
    enum State {
        RUNNING,
        STOPPED,
        START_PENDING,
        STOP_PENDING
    }

    private final SimulatedClusterMBean controls;
    private final Nodes nodes;
    private final Backups backups;
    private final Clock clock;
    private final Map<NodeName, Instant> vssLingersUntil = new EnumMap<>(NodeName.class);

    Services(SimulatedClusterMBean controls, Nodes nodes, Backups backups, Clock clock) {
        this.controls = controls;
        this.nodes = nodes;
        this.backups = backups;
        this.clock = clock;
    }

    void set(NodeName node, Service service, State state) {
        if (nodes.isInCluster(node)) {
            controls.setServiceState(node.name(), service.windowsName, state.name());
        }
    }

    /** VSS goes on running for a while after its last session. */
    void letVssLinger(NodeName node, Duration time) {
        vssLingersUntil.put(node, clock.instant().plus(time));
    }

    /** VSS has been idle for long enough, and both services stop unless a session is open. */
    void idle(NodeName node) {
        vssLingersUntil.remove(node);
        for (Service service : Service.values()) {
            set(node, service, State.STOPPED);
        }
        keepInUse();
    }

    /** VSS runs where a session is open and where it has not been idle for long enough. */
    void keepInUse() {
        for (NodeName node : NodeName.values()) {
            Instant until = vssLingersUntil.get(node);
            boolean lingers = until != null && clock.instant().isBefore(until);
            if (lingers || backups.hasSessionOn(node)) {
                set(node, Service.VSS, State.RUNNING);
            }
        }
    }

    /** All services run once more and stop as soon as Windows finds them idle. */
    void runOnceMore() {
        vssLingersUntil.clear();
        for (NodeName node : NodeName.values()) {
            for (Service service : Service.values()) {
                set(node, service, State.RUNNING);
            }
        }
    }
}
