package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node: its state in the cluster, its VSS service and its shadow copies. Guarded by the cluster's lock. */
final class SimulatedNode {
    /** The VSS service exits when it has been idle for three minutes. */
    private static final Duration VSS_IDLE = Duration.ofMinutes(3);

    final String name;
    final List<ShadowCopy> shadowCopies = new ArrayList<>();
    NodeState state = NodeState.UP;

    @Nullable
    Integer statusInformation = 0;

    /** False while the machine is off; an isolated node is on. */
    boolean powered = true;

    private int sessions;
    private int vssState = ServiceStatus.STOPPED;
    private @Nullable Instant vssStarted;
    private Instant vssUsed = Instant.EPOCH;
    private long process;

    SimulatedNode(String name, int number) {
        this.name = name;
        this.process = 1000L * number;
    }

    Node node() {
        return new Node(name, state, statusInformation);
    }

    void openSession(Instant now) {
        useVss(now);
        sessions++;
    }

    void closeSession(Instant now) {
        sessions = Math.max(0, sessions - 1);
        vssUsed = now;
    }

    /** Starts the VSS service if it does not run, and resets its idle time. */
    void useVss(Instant now) {
        settle(now);
        if (vssState != ServiceStatus.RUNNING) {
            setVss(ServiceStatus.RUNNING, now);
        }
        vssUsed = now;
    }

    void setVss(int newState, Instant now) {
        if (newState == ServiceStatus.RUNNING && vssState != ServiceStatus.RUNNING) {
            process++;
            vssStarted = now;
        }
        vssState = newState;
        vssUsed = now;
    }

    void powerOff() {
        powered = false;
        sessions = 0;
        vssState = ServiceStatus.STOPPED;
        shadowCopies.removeIf(copy -> !copy.persistent());
    }

    ServiceStatus vss(Instant now) {
        settle(now);
        boolean alive = vssState != ServiceStatus.STOPPED;
        return new ServiceStatus(vssState, alive ? process : null, alive ? vssStarted : null);
    }

    private void settle(Instant now) {
        boolean idle = sessions == 0 && !now.isBefore(vssUsed.plus(VSS_IDLE));
        if (vssState == ServiceStatus.RUNNING && idle) {
            vssState = ServiceStatus.STOPPED;
        }
    }
}
