package io.github.csvbackup.model;

import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.ObservedCluster.Moment;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One volume of a simulated cluster, its neighbour that is never cleared, and the agent under test, all under one virtual clock. An
 * impossible move does nothing.
 */
final class World {
    static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    static final String NEIGHBOUR = "C:\\ClusterStorage\\Volume2";

    /** What the agent does while a short backup lives. */
    enum Meanwhile {
        AGENT_LOOKS,
        AGENT_IS_HELD_UP
    }

    /** A backup that comes this far at a moment of the next clear. */
    private record Interruption(Moment moment, NodeName node, Phase phase) {}

    private static final int RPC_SERVER_UNAVAILABLE = 1722;

    private final Surroundings surroundings = new Surroundings(AgentUnderTest.SETTINGS);
    private final SimulatedClusterMBean controls = surroundings.controls;
    private final Promises promises;
    private @Nullable Interruption interruption;
    private boolean vssRestarts;
    private long unseenSessions;

    final Nodes nodes = surroundings.nodes;
    final Services services = surroundings.services;
    final Backups backups = surroundings.backups;
    final ObservedCluster cluster = surroundings.cluster;
    final AgentUnderTest agent;

    World(Bug bug, Promises.Scope scope) {
        promises = new Promises(scope, surroundings);
        cluster.hidesIsolation = bug == Bug.HIDDEN_ISOLATION;
        cluster.hidesThatVssRanBefore = bug == Bug.HIDDEN_VSS_BEFORE_LOOK;
        cluster.hidesUnknownVolumes = bug == Bug.UNKNOWN_VOLUMES_PASS;
        cluster.hidesVersions = bug == Bug.VERSION_IGNORED;
        cluster.hidesVssProcess = bug == Bug.VSS_PROCESS_NOT_COMPARED;
        cluster.onClear = this::beforeNativeClear;
        cluster.onMoment = this::interruptAt;
        agent = new AgentUnderTest(bug, surroundings, promises);
    }

    static boolean isTheVolume(WatchedVolume volume) {
        return volume.volume().friendlyPath().equals(VOLUME);
    }

    void play(Step step) {
        step.happenIn(this);
        judgeChecks();
    }

    private void judgeChecks() {
        promises.aCheckPassesOnlyOnWhatTheClusterSaid(agent.checks());
    }

    /** The first promise that did not hold; null if all held. */
    @Nullable
    String brokenPromise() {
        return promises.broken();
    }

    /** Number of requests to clear with this outcome. */
    long outcomes(Outcome outcome) {
        return agent.outcomes(outcome);
    }

    /** How many backups had opened their session unseen, after the last look at their node, when a clear was executed. */
    long unseenSessions() {
        return unseenSessions;
    }

    void setNode(NodeName node, Nodes.State state) {
        nodes.set(node, state);
        if (state.isOff()) {
            backups.turnedOff(node);
        }
    }

    void moveVolume(NodeName node) {
        if (nodes.isUp(node)) {
            controls.moveVolume(VOLUME, node.name());
        }
    }

    void failNextCalls(WindowsFunction function, int times) {
        controls.failNextCalls(function.windowsName, RPC_SERVER_UNAVAILABLE, times);
    }

    void openSession(NodeName node) {
        if (backups.openSession(node)) {
            services.keepInUse();
        }
    }

    /** A backup makes its copy and dies after a short time. */
    void shortBackup(NodeName node, Duration lasts, Meanwhile meanwhile) {
        backups.start(node);
        switch (meanwhile) {
            case AGENT_LOOKS -> agent.lookAfterClearsFor(lasts);
            case AGENT_IS_HELD_UP -> agent.holdUp(lasts);
        }
        if (backups.isOneInProgress()) {
            backups.kill(Backups.Kind.IN_PROGRESS);
        }
    }

    void clear() {
        cluster.clearBegins();
        agent.clear();
        interruption = null;
        vssRestarts = false;
    }

    /** Right before the next native clear VSS of the node stops and a backup starts it again. */
    void restartVssInNextClear(NodeName node) {
        interruption = new Interruption(Moment.BEFORE_REREADING, node, Phase.COPY);
        vssRestarts = true;
    }

    void interruptNextClear(Moment moment, NodeName node, Phase phase) {
        interruption = new Interruption(moment, node, phase);
        vssRestarts = false;
    }

    private void interruptAt(Moment moment) {
        Interruption planned = interruption;
        if (planned == null || planned.moment() != moment || !agent.isClearing()) {
            return;
        }
        interruption = null;
        if (vssRestarts) {
            services.idle(planned.node());
        }
        switch (planned.phase()) {
            case PREPARED -> backups.prepare(planned.node());
            case SESSION -> {
                backups.prepare(planned.node());
                openSession(planned.node());
            }
            case COPY -> backups.start(planned.node());
            case READING -> throw new IllegalArgumentException("a backup does not come as far as READING in a clear");
        }
    }

    private void beforeNativeClear(Volume volume) {
        promises.beforeNativeClear(volume);
        rememberUnseenSessions();
        surroundings
                .audit
                .lastUnfinished()
                .ifPresent(intent -> surroundings.suspicion.cleared(
                        intent, volume.guidName(), cluster.answers().values()));
        judgeChecks();
        agent.letSecondOperatorAsk();
    }

    private void rememberUnseenSessions() {
        unseenSessions += backups.alive().stream()
                .filter(backup -> backup.hasSession() && !backup.hasSessionSince(cluster.shadowCopyLook(backup.node)))
                .count();
    }

    /** Everything dies and every node comes back. What is left set must then be cleared. */
    void end() {
        backups.endAll();
        cluster.misbehaviour = ObservedCluster.Misbehaviour.NONE;
        cluster.disk = ObservedCluster.Disk.ONLINE;
        interruption = null;
        agent.plannedCrash().none();
        for (NodeName node : NodeName.values()) {
            nodes.set(node, Nodes.State.UP);
        }
        services.runOnceMore();
        // The first attempts use up the remaining planned failures.
        for (int tries = 0; tries < 4 && surroundings.state.isSet(); tries++) {
            for (int polls = 0; polls < 42; polls += 2) {
                agent.poll(2);
                agent.assess();
            }
            clear();
        }
        if (surroundings.state.isSet()) {
            promises.aStaleStateWithoutBackupsIsCleared(agent.verdict());
        }
    }
}
