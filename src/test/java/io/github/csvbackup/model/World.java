package io.github.csvbackup.model;

import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.ObservedCluster.Moment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The volumes of a simulated cluster, and the agent under test, all under one virtual clock. An impossible move does nothing. */
final class World {
    /** What the agent does while a short backup lives. */
    enum Meanwhile {
        AGENT_LOOKS,
        AGENT_IS_HELD_UP
    }

    /** A backup that comes this far at a moment of the next clear. */
    private record Interruption(Moment moment, VolumeName volume, NodeName node, Phase phase) {}

    private static final int RPC_SERVER_UNAVAILABLE = 1722;

    private final Surroundings surroundings = new Surroundings(AgentUnderTest.SETTINGS);
    private final SimulatedClusterMBean controls = surroundings.controls;
    private final Promises promises;
    private @Nullable Interruption interruption;
    private boolean vssRestarts;
    private long unseenSessions;

    final Nodes nodes = surroundings.nodes;
    final Services services = surroundings.services;
    final Machines machines = surroundings.machines;
    final Backups backups = surroundings.backups;
    final ObservedCluster cluster = surroundings.cluster;
    final PeerAgent peer = surroundings.peer;
    final AgentUnderTest agent;

    World(Bug bug, Promises.Scope scope) {
        promises = new Promises(scope, surroundings);
        cluster.hidesIsolation = bug == Bug.HIDDEN_ISOLATION;
        cluster.hidesThatVssRanBefore = bug == Bug.HIDDEN_VSS_BEFORE_LOOK;
        cluster.hidesUnknownVolumes = bug == Bug.UNKNOWN_VOLUMES_PASS;
        cluster.hidesVersions = bug == Bug.VERSION_IGNORED;
        cluster.hidesVssProcess = () -> bug == Bug.VSS_PROCESS_NOT_COMPARED
                || (bug == Bug.VSS_PROCESS_COMPARED_ONCE && cluster.request().hasCalled());
        cluster.hidesLostAnswers = bug == Bug.BATCH_GOES_ON_AFTER_UNKNOWN;
        cluster.hidesRunningServices = bug == Bug.FORBIDDING_SOURCE_IGNORED;
        cluster.hidesDenials = bug == Bug.DENIED_ACCESS_RETRIED;
        surroundings.peer.addsTheTimeOfTheOtherSource = bug == Bug.TWO_SOURCES_ADDED;
        surroundings.peer.handsOutOlderLists = bug == Bug.OLDER_LIST_HANDED_OUT;
        surroundings.peer.keepsTimesOverRestarts = bug == Bug.STOPPED_TIME_KEPT_OVER_A_RESTART;
        surroundings.peer.repeatsTheLastAnswer = bug == Bug.ANSWER_REPLAYED;
        cluster.onClear = this::beforeNativeClear;
        cluster.onMoment = this::interruptAt;
        cluster.onRereading = this::interruptAtRereading;
        agent = new AgentUnderTest(bug, surroundings, promises);
    }

    void play(Step step) {
        step.happenIn(this);
        judgeChecks();
    }

    /** Those of the first volume, and of the others while their state is set: an idle one has the same checks of nodes as the first. */
    private void judgeChecks() {
        if (!promises.areAboutChecks()) {
            return;
        }
        promises.aNodeThatDeniedAccessIsNotAskedForAnHour();
        Set<VolumeName> judged = EnumSet.of(VolumeName.VOLUME1);
        judged.addAll(surroundings.states.set());
        for (VolumeName volume : judged) {
            promises.aCheckPassesOnlyOnWhatTheClusterSaid(volume, agent.checks(volume));
        }
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
            machines.turnedOff(node);
            cluster.turnedOff(node);
        }
    }

    void moveVolume(VolumeName volume, NodeName node) {
        if (nodes.isUp(node)) {
            controls.moveVolume(volume.path, node.name());
        }
    }

    void failNextCalls(WindowsFunction function, int times) {
        controls.failNextCalls(function.windowsName, RPC_SERVER_UNAVAILABLE, times);
    }

    /** VSS of NODE2 runs while its agent gives no answer, and between two looks of that agent. */
    void runVssUnseenByItsAgent() {
        if (peer.isKnown()) {
            peer.troubleNext(PeerAgent.Trouble.QUESTION_IS_LOST, 1);
            services.set(NodeName.NODE2, Services.Service.VSS, Services.State.RUNNING);
            agent.pollUnseenByOthers();
            services.idle(NodeName.NODE2);
        }
    }

    void openSession(VolumeName volume, NodeName node) {
        if (backups.openSession(volume, node)) {
            services.keepInUse();
        }
    }

    /** A backup makes its copy and dies after a short time. */
    void shortBackup(VolumeName volume, NodeName node, Duration lasts, Meanwhile meanwhile) {
        backups.start(volume, node);
        switch (meanwhile) {
            case AGENT_LOOKS -> agent.lookAfterClearsFor(lasts);
            case AGENT_IS_HELD_UP -> agent.holdUp(lasts);
        }
        if (backups.isOneInProgress(volume)) {
            backups.kill(volume, Backups.Kind.IN_PROGRESS);
        }
    }

    void clear(VolumeName volume) {
        cluster.requestBegins(List.of(volume));
        agent.clear(volume);
        requestEnds();
    }

    /** Clears these volumes as a batch. */
    void clearAll(List<VolumeName> volumes) {
        cluster.requestBegins(volumes);
        agent.clearAll(volumes);
        requestEnds();
    }

    private void requestEnds() {
        interruption = null;
        vssRestarts = false;
    }

    /** Right before the next native clear of the volume VSS of the node stops and a backup starts it again. */
    void restartVssInNextClear(VolumeName volume, NodeName node) {
        interruption = new Interruption(Moment.BEFORE_REREADING, volume, node, Phase.COPY);
        vssRestarts = true;
    }

    void interruptNextClear(Moment moment, VolumeName volume, NodeName node, Phase phase) {
        interruption = new Interruption(moment, volume, node, phase);
        vssRestarts = false;
    }

    private void interruptAtRereading(VolumeName volume) {
        if (interruption != null && interruption.volume() == volume) {
            interruptAt(Moment.BEFORE_REREADING);
        }
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
            case PREPARED -> backups.prepare(planned.volume(), planned.node());
            case SESSION -> {
                backups.prepare(planned.volume(), planned.node());
                openSession(planned.volume(), planned.node());
            }
            case COPY -> backups.start(planned.volume(), planned.node());
            case READING -> throw new IllegalArgumentException("a backup does not come as far as READING in a clear");
        }
    }

    private void beforeNativeClear(VolumeName volume) {
        promises.beforeNativeClear(volume);
        rememberUnseenSessions(volume);
        surroundings
                .audit
                .lastUnfinished()
                .ifPresent(intent -> surroundings.suspicion.cleared(
                        intent, volume, cluster.answers().values()));
        judgeChecks();
        agent.letSecondOperatorAsk(volume);
    }

    private void rememberUnseenSessions(VolumeName volume) {
        unseenSessions += backups.of(volume).stream()
                .filter(backup -> backup.hasSession() && !backup.hasSessionSince(cluster.shadowCopyLook(backup.node)))
                .count();
    }

    /** Everything dies and every node comes back. What is left set must then be cleared. */
    void end() {
        backups.endAll();
        cluster.misbehaviour = ObservedCluster.Misbehaviour.NONE;
        cluster.deniesAccess = false;
        peer.healthy();
        interruption = null;
        agent.plannedCrash().none();
        for (VolumeName volume : VolumeName.values()) {
            machines.endBackup(volume);
            machines.endBackupOnNode2(volume);
            cluster.setDisk(volume, ObservedCluster.Disk.ONLINE);
        }
        for (NodeName node : NodeName.values()) {
            nodes.set(node, Nodes.State.UP);
        }
        services.runOnceMore();
        // The first attempts use up the remaining planned failures.
        for (int tries = 0; tries < 4 && !surroundings.states.set().isEmpty(); tries++) {
            clearWhatIsLeft();
        }
        for (VolumeName volume : surroundings.states.set()) {
            promises.aStaleStateWithoutBackupsIsCleared(volume, agent.verdict(volume));
        }
    }

    private void clearWhatIsLeft() {
        List<VolumeName> left = surroundings.states.set();
        for (int polls = 0; polls < 42; polls += 2) {
            agent.poll(2);
            agent.assess(left.get(0));
        }
        if (left.size() == 1) {
            clear(left.get(0));
        } else {
            clearAll(left);
        }
    }
}
