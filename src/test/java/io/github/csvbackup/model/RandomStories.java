package io.github.csvbackup.model;

import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.ObservedCluster.Call;
import io.github.csvbackup.model.ObservedCluster.Disk;
import io.github.csvbackup.model.ObservedCluster.Misbehaviour;
import io.github.csvbackup.model.ObservedCluster.Moment;
import io.github.csvbackup.model.PlannedCrash.Point;
import io.github.csvbackup.model.PlannedCrash.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Draws stories. The same seed gives the same stories, as long as the kinds, their order and their weights stay as they are. */
final class RandomStories {
    /** How long the stories are, and how they begin. */
    enum Form {
        /** Random steps from the first to the last. */
        LONG,
        /** A state that may be cleared, a few random steps, and a clear: many of these reach situations that a long story seldom does. */
        AFTER_AN_ABANDONED_STATE,
        /** The same with two such states; each clear is one of a batch. */
        BATCHES_AFTER_ABANDONED_STATES,
        /** A state that may be cleared by what the agent of NODE2 says, a few random steps, many of them about that agent, and a clear. */
        WITH_A_PEER,
        /** A state that may be cleared, a few random steps, many of them about backups of virtual machines, and a clear. */
        WITH_MACHINES,
        /** As WITH_A_PEER, with many steps about backups of virtual machines on NODE2. */
        WITH_MACHINES_OF_A_PEER
    }

    /** The random steps of a long story. */
    private static final int STEPS = 250;

    private static final int STEPS_AFTER_AN_ABANDONED_STATE = 20;

    private static final int NUMBERS = 10_000;

    private enum Kind {
        POLL,
        POLL_LONG,
        HOLD_UP,
        PREPARE,
        OPEN_SESSION,
        START,
        ISOLATE_WITH_BACKUP,
        SHORT_BACKUP,
        READ_PERSISTENT_COPY,
        START_READING_PERSISTENT_COPY,
        COMPLETE,
        KILL,
        MOVE,
        NODE_CHANGES,
        NODE_COMES_BACK,
        SERVICES_IDLE,
        VSS_LINGERS,
        PROVIDER_RUNS,
        SERVICE_IS_PENDING,
        CALLS_FAIL,
        CALL_IS_SLOW_OR_HANGS,
        DISK_CHANGES,
        RESTART,
        CRASH_IN_NEXT_CLEAR,
        CRASH_IN_NEXT_LOOK,
        ASSESS,
        BACKUP_IN_NEXT_CLEAR,
        NEXT_CLEAR_MISBEHAVES,
        SECOND_OPERATOR,
        WINDOWS_CHANGES,
        HIDDEN_VOLUMES,
        VSS_RESTARTS_IN_NEXT_CLEAR,
        SLOW_EVIDENCE,
        SLOW_AUDIT,
        CLEAR,
        CLEAR_ALL,
        PEER_STARTS_OR_STOPS,
        PEER_RESTARTS,
        PEER_IN_TROUBLE,
        PEER_IS_SLOW,
        ACCESS_IS_DENIED,
        VSS_RUNS_UNSEEN_BY_PEER,
        MACHINE_BACKUP_BEGINS,
        MACHINE_BACKUP_ENDS,
        MACHINE_BACKUP_ON_NODE2_BEGINS,
        MACHINE_BACKUP_ON_NODE2_ENDS;

        boolean isOfPeer() {
            return compareTo(PEER_STARTS_OR_STOPS) >= 0 && !isOfMachine();
        }

        boolean isOfMachine() {
            return compareTo(MACHINE_BACKUP_BEGINS) >= 0;
        }
    }

    /** Each kind as often as its weight says. */
    private static final List<Kind> WEIGHTED = weighted();

    private static final List<Kind> WEIGHTED_WITH_PEER = weightedWithPeer();
    private static final List<Kind> WEIGHTED_WITH_MACHINES = weightedWithMachines();
    private static final List<Kind> WEIGHTED_WITH_MACHINES_OF_PEER = weightedWithMachinesOfPeer();

    private final Form form;
    private final Random random;

    RandomStories(long seed, Form form) {
        this.form = form;
        random = new Random(seed);
    }

    /** Each kind once, and some more often, so that backups and clears get far. */
    private static List<Kind> weighted() {
        List<Kind> all = new ArrayList<>(List.of(Kind.values()));
        all.removeIf(kind -> kind.isOfPeer() || kind.isOfMachine());
        all.addAll(Collections.nCopies(3, Kind.POLL));
        all.addAll(Collections.nCopies(5, Kind.POLL_LONG));
        all.addAll(Collections.nCopies(3, Kind.KILL));
        all.addAll(Collections.nCopies(2, Kind.SERVICES_IDLE));
        all.addAll(Collections.nCopies(2, Kind.NODE_COMES_BACK));
        all.addAll(Collections.nCopies(5, Kind.CLEAR));
        all.addAll(Collections.nCopies(2, Kind.NODE_CHANGES));
        all.add(Kind.SLOW_EVIDENCE);
        all.add(Kind.SLOW_AUDIT);
        all.add(Kind.PREPARE);
        all.add(Kind.START);
        all.addAll(Collections.nCopies(2, Kind.SHORT_BACKUP));
        return List.copyOf(all);
    }

    private static List<Kind> weightedWithMachines() {
        List<Kind> all = new ArrayList<>(WEIGHTED);
        all.addAll(Collections.nCopies(8, Kind.MACHINE_BACKUP_BEGINS));
        all.addAll(Collections.nCopies(8, Kind.MACHINE_BACKUP_ENDS));
        return List.copyOf(all);
    }

    private static List<Kind> weightedWithMachinesOfPeer() {
        List<Kind> all = new ArrayList<>(WEIGHTED);
        all.addAll(Collections.nCopies(8, Kind.MACHINE_BACKUP_ON_NODE2_BEGINS));
        all.addAll(Collections.nCopies(8, Kind.MACHINE_BACKUP_ON_NODE2_ENDS));
        all.add(Kind.PEER_STARTS_OR_STOPS);
        all.add(Kind.PEER_RESTARTS);
        all.add(Kind.PEER_IN_TROUBLE);
        return List.copyOf(all);
    }

    private static List<Kind> weightedWithPeer() {
        List<Kind> all = new ArrayList<>(WEIGHTED);
        for (Kind kind : Kind.values()) {
            all.addAll(Collections.nCopies(kind.isOfPeer() ? 4 : 0, kind));
        }
        return List.copyOf(all);
    }

    Story next() {
        return switch (form) {
            case LONG -> new Story(steps(STEPS));
            case AFTER_AN_ABANDONED_STATE, WITH_MACHINES ->
                Story.ABANDONED_STATE
                        .then(steps(STEPS_AFTER_AN_ABANDONED_STATE))
                        .then(List.of(new Step.PollFor(5), new Step.Clear(VolumeName.VOLUME1)));
            case BATCHES_AFTER_ABANDONED_STATES ->
                Story.ABANDONED_STATES
                        .then(steps(STEPS_AFTER_AN_ABANDONED_STATE))
                        .then(List.of(new Step.PollFor(5), new Step.ClearAll(List.of(VolumeName.values()))));
            case WITH_A_PEER, WITH_MACHINES_OF_A_PEER ->
                Story.of(new Step.SetPeer(true))
                        .then(Story.ABANDONED_STATE.steps())
                        .then(steps(STEPS_AFTER_AN_ABANDONED_STATE))
                        .then(List.of(new Step.PollFor(5), new Step.Clear(VolumeName.VOLUME1)));
        };
    }

    private List<Step> steps(int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Kind> kinds = switch (form) {
                case WITH_A_PEER -> WEIGHTED_WITH_PEER;
                case WITH_MACHINES -> WEIGHTED_WITH_MACHINES;
                case WITH_MACHINES_OF_A_PEER -> WEIGHTED_WITH_MACHINES_OF_PEER;
                default -> WEIGHTED;
            };
            Kind kind = kinds.get(random.nextInt(kinds.size()));
            steps.add(step(kind, random.nextInt(NUMBERS)));
        }
        return steps;
    }

    void skip(int stories) {
        for (int i = 0; i < stories; i++) {
            next();
        }
    }

    /** The step of this kind that a random number stands for. */
    private Step step(Kind kind, int n) {
        return switch (kind) {
            case POLL -> new Step.PollFor(1 + n % 3);
            case POLL_LONG -> new Step.PollFor(1 + n % 40);
            case HOLD_UP -> new Step.HoldUpAgent(seconds(n % 1200));
            case PREPARE -> new Step.PrepareBackup(volume(n), node(n));
            case OPEN_SESSION -> new Step.OpenSession(volume(n), node(n));
            case START -> new Step.StartBackup(volume(n), node(n));
            case ISOLATE_WITH_BACKUP -> new Step.IsolateWithBackup(volume(n), node(n));
            case SHORT_BACKUP ->
                new Step.ShortBackup(
                        volume(n),
                        node(n),
                        seconds(n / 2 % 90),
                        n / 180 % 2 == 0 ? World.Meanwhile.AGENT_IS_HELD_UP : World.Meanwhile.AGENT_LOOKS);
            case READ_PERSISTENT_COPY -> new Step.ReadPersistentCopy(volume(n));
            case START_READING_PERSISTENT_COPY -> new Step.StartReadingPersistentCopy(volume(n), node(n));
            case COMPLETE -> new Step.CompleteBackup(volume(n), backup(n));
            case KILL -> new Step.KillBackup(volume(n), backup(n));
            case MOVE -> new Step.MoveVolume(volume(n), node(n));
            case NODE_CHANGES -> new Step.SetNode(node(n), oneOf(Nodes.State.values(), n / 2));
            case NODE_COMES_BACK -> new Step.SetNode(node(n), Nodes.State.UP);
            case SERVICES_IDLE -> new Step.IdleServices(node(n));
            case VSS_LINGERS -> new Step.LetVssLinger(node(n), seconds(n / 2 % 600));
            case PROVIDER_RUNS ->
                new Step.SetService(
                        node(n),
                        Services.Service.SOFTWARE_PROVIDER,
                        n / 2 % 2 == 0 ? Services.State.RUNNING : Services.State.STOPPED);
            case SERVICE_IS_PENDING ->
                new Step.SetService(
                        node(n),
                        oneOf(Services.Service.values(), n / 2),
                        n / 4 % 2 == 0 ? Services.State.START_PENDING : Services.State.STOP_PENDING);
            case CALLS_FAIL -> new Step.FailNextCalls(oneOf(WindowsFunction.values(), n), 1 + n / 8 % 3);
            case CALL_IS_SLOW_OR_HANGS -> slowOrHanging(oneOf(Call.values(), n), n / Call.values().length % 120);
            case DISK_CHANGES -> new Step.SetDisk(volume(n), n % 3 == 0 ? Disk.OFFLINE_PENDING : Disk.ONLINE);
            case RESTART -> new Step.RestartAgent(seconds(n % 600));
            case CRASH_IN_NEXT_CLEAR -> new Step.CrashInNextClear(oneOf(Point.values(), n), timing(n / 3));
            case CRASH_IN_NEXT_LOOK -> new Step.CrashInNextLook(timing(n));
            case ASSESS -> new Step.Assess(volume(n));
            case BACKUP_IN_NEXT_CLEAR ->
                new Step.BackupInNextClear(oneOf(Moment.values(), n), volume(n), node(n / 3), phaseInAClear(n / 6));
            case NEXT_CLEAR_MISBEHAVES -> new Step.MisbehaveInNextClear(oneOf(Misbehaviour.values(), n));
            case SECOND_OPERATOR -> new Step.SecondOperatorInNextClear();
            case WINDOWS_CHANGES -> new Step.SetWindows(oneOf(Nodes.Windows.values(), n));
            case HIDDEN_VOLUMES -> new Step.ShowHiddenVolumes(n % 2 == 0);
            case VSS_RESTARTS_IN_NEXT_CLEAR -> new Step.RestartVssInNextClear(volume(n), node(n));
            case SLOW_EVIDENCE -> new Step.SlowNext(Call.SHADOW_COPIES, seconds(35 + n % 14));
            case SLOW_AUDIT -> new Step.SlowNextIntent(seconds(n % 7));
            case CLEAR ->
                form == Form.BATCHES_AFTER_ABANDONED_STATES ? new Step.ClearAll(batch(n)) : new Step.Clear(volume(n));
            case CLEAR_ALL -> new Step.ClearAll(batch(n));
            case PEER_STARTS_OR_STOPS -> new Step.SetPeer(n % 3 > 0);
            case PEER_RESTARTS -> new Step.RestartPeer();
            case PEER_IN_TROUBLE -> new Step.TroublePeer(oneOf(PeerAgent.Trouble.values(), n), 1 + n / 3 % 3);
            case PEER_IS_SLOW -> new Step.SlowPeer(seconds(n % 70));
            case ACCESS_IS_DENIED -> new Step.DenyAccess(n % 2 == 0);
            case VSS_RUNS_UNSEEN_BY_PEER -> new Step.RunVssUnseenByPeer();
            case MACHINE_BACKUP_BEGINS -> new Step.BackUpMachine(volume(n));
            case MACHINE_BACKUP_ENDS -> new Step.EndMachineBackup(volume(n));
            case MACHINE_BACKUP_ON_NODE2_BEGINS -> new Step.BackUpMachineOnNode2(volume(n));
            case MACHINE_BACKUP_ON_NODE2_ENDS -> new Step.EndMachineBackupOnNode2(volume(n));
        };
    }

    /** Most steps are about the first volume, so that its backups get far; in the stories of batches all volumes are alike. */
    private VolumeName volume(int n) {
        int choice = n / 1000;
        return form == Form.BATCHES_AFTER_ABANDONED_STATES || choice % 2 == 0
                ? oneOf(VolumeName.values(), choice)
                : VolumeName.VOLUME1;
    }

    /** Two to four volumes in any order, some of them twice. */
    private static List<VolumeName> batch(int n) {
        List<VolumeName> volumes = new ArrayList<>();
        int rest = n / 3;
        for (int i = 0; i < 2 + n % 3; i++) {
            volumes.add(oneOf(VolumeName.values(), rest));
            rest /= VolumeName.values().length;
        }
        return List.copyOf(volumes);
    }

    private static <T> T oneOf(T[] values, int n) {
        return values[n % values.length];
    }

    private static NodeName node(int n) {
        return oneOf(NodeName.values(), n);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Backups.Kind backup(int n) {
        return n % 3 == 0 ? Backups.Kind.READING : Backups.Kind.IN_PROGRESS;
    }

    private static Timing timing(int n) {
        return n % 2 == 0 ? Timing.AFTER_WRITING_AND_AGAIN : Timing.BEFORE_WRITING;
    }

    private static Phase phaseInAClear(int n) {
        return oneOf(new Phase[] {Phase.PREPARED, Phase.SESSION, Phase.COPY}, n);
    }

    private static Step slowOrHanging(Call call, int seconds) {
        return seconds > AgentUnderTest.SETTINGS.callDeadline().toSeconds()
                ? new Step.HangNext(call)
                : new Step.SlowNext(call, seconds(seconds));
    }
}
