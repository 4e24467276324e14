package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Records;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearContext;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.PlantedBug;
import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One volume of the simulated cluster, and a neighbour that is never cleared, with the real watch, guard and clear over them, under one
 * virtual clock; and beside them an oracle that knows what is really alive. A step that is not possible does nothing. The first broken promise is remembered.
 */
final class World {
    /** What may happen. */
    enum Kind {
        POLL,
        POLL_LONG,
        TIME_PASSES,
        PREPARE,
        OPEN_SESSION,
        START,
        SHORT_BACKUP,
        READ_PERSISTENT_COPY,
        COMPLETE,
        DIE,
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
        BACKUP_DURING_NEXT_CLEAR,
        NEXT_CLEAR_MISBEHAVES,
        NEIGHBOUR_IS_BACKED_UP,
        SECOND_OPERATOR,
        CLEAR
    }

    private static final Duration POLL = Duration.ofMinutes(1);
    private static final Duration STALE_AFTER = Duration.ofMinutes(30);
    private static final Duration QUIET = Duration.ofMinutes(3);
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final String SUSPECT = "suspect";
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private static final WatchSettings SETTINGS = new WatchSettings(POLL, STALE_AFTER, QUIET, DEADLINE);
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String NEIGHBOUR = "C:\\ClusterStorage\\Volume2";
    private static final String[] PENDING = {"START_PENDING", "STOP_PENDING"};
    private static final Caller ANN = new Caller(Role.OPERATOR, "ann", "test", "");
    private static final Caller BOB = new Caller(Role.OPERATOR, "bob", "test", "");
    private static final String[] FUNCTIONS = {
        "OpenClusterEx",
        "ClusterOpenEnum",
        "GetClusterNodeState",
        "ClusterResourceControl",
        "QueryServiceStatusEx",
        "Win32_ShadowCopy"
    };
    private static final String[] STATES = {"UP", "PAUSED", "DOWN", "DOWN_UNKNOWN", "ISOLATED", "QUARANTINED"};
    private static final List<ObservedCluster.Call> CALLS =
            List.of(ObservedCluster.Call.READ, ObservedCluster.Call.SERVICE, ObservedCluster.Call.SHADOW_COPIES);
    private static final List<ObservedCluster.Moment> MOMENTS = List.of(ObservedCluster.Moment.values());
    private static final List<ObservedCluster.Misbehaviour> MISBEHAVIOURS =
            List.of(ObservedCluster.Misbehaviour.values());
    private static final List<String> NODES = List.of("NODE1", "NODE2");

    /** The agent ends in the middle of something. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster simulated = new SimulatedCluster(clock, NODES.size(), 2);
    private final SimulatedClusterMBean controls = simulated.controls();
    private final CheckOracle oracle = new CheckOracle(SETTINGS);
    private final SuspicionOracle suspicion = new SuspicionOracle(QUIET);
    private final ObservedCluster cluster =
            new ObservedCluster(simulated, oracle, clock, DEADLINE, this::keepServicesInUse);
    private final List<AuditLine> audit = new ArrayList<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final List<LiveBackup> backups = new ArrayList<>();
    private final Map<String, Instant> vssLingersUntil = new HashMap<>();
    private final String bug;
    private final boolean checksAreJudged;
    private final Guard guard;
    private final Audit record = new Audit() {
        @Override
        public void append(AuditLine line) {
            World.this.append(line);
        }

        @Override
        public List<AuditRecord> recent(int most) {
            return World.this.recent(most);
        }
    };

    private NodeEvidence evidence;
    private Watcher watcher;
    private Clearing clearing;

    private List<StateLine> kept = List.of();
    private Map<Outcome, Long> keptOutcomes = new EnumMap<>(Outcome.class);
    private int crashAtAppend;
    private boolean crashAfterIt;
    private boolean crashAtKeep;
    private boolean crashInLook;
    private boolean looking;
    private boolean dead;
    private boolean secondOperator;
    private @Nullable String neighbourBackedUpOn;
    private ObservedCluster.@Nullable Moment interruption;
    private int interruptedBy;
    private boolean clearUnderWay;
    private boolean takingOver;
    private @Nullable Instant setSince;
    private @Nullable String broken;
    private long unseenSessions;

    /**
     * A world.
     *
     * @param bug what is planted: the name of a check that always passes, {@code isolation}, {@code vss-before}, {@code second-look} or {@code
     *     unseen}; empty for none
     * @param checksAreJudged each check is held against the oracle, and not only what comes of all of them
     */
    World(String bug, boolean checksAreJudged) {
        this.bug = bug;
        this.checksAreJudged = checksAreJudged;
        guard = PlantedBug.guard(SETTINGS, bug);
        cluster.isolationIsNotTold = bug.equals("isolation");
        cluster.vssBeforeIsNotTold = bug.equals("vss-before");
        cluster.onClear = this::executed;
        cluster.moment = this::interrupt;
        cluster.onTrouble = this::troubled;
        start(List.of());
    }

    private void start(List<StateLine> saveState) {
        dead = false;
        oracle.restart();
        evidence = new NodeEvidence(cluster, DEADLINE, DEADLINE, clock);
        watcher = new Watcher(cluster, evidence, SETTINGS, clock);
        clearing = new Clearing(
                new ClearContext(
                        cluster, watcher, evidence, guard, record, clock, clock::advance, this::keep, event -> {}),
                new ClearSettings(false, DEADLINE, DEADLINE, QUIET));
        watcher.restoreState(saveState);
        clearing.restoreState(saveState);
        kept = saveState;
        takingOver = true;
        try {
            clearing.takeOver(unfinished());
        } catch (Crash e) {
            start(kept);
        } finally {
            takingOver = false;
        }
    }

    private void append(AuditLine line) {
        if (dead) {
            throw new Crash();
        }
        boolean crashes;
        if (clearUnderWay || takingOver) {
            crashes = crashAtAppend > 0 && --crashAtAppend == 0;
        } else {
            crashes = looking && crashInLook && line.kind().equals(SUSPECT);
        }
        String objection = suspicion.objection(line, audit);
        if (objection != null) {
            breaks(objection);
        }
        boolean lost = bug.equals("unseen") && line.kind().equals(SUSPECT) && SuspicionOracle.isOfNothingSeen(line);
        if (!lost && (!crashes || crashAfterIt)) {
            audit.add(line);
        }
        if (crashes) {
            dead = true;
            throw new Crash();
        }
        if (line.kind().equals("intent")) {
            askAsSecondOperator();
        }
    }

    /** The last lines of the record, as the agent reads them. */
    private List<AuditRecord> recent(int most) {
        return audit.subList(Math.max(0, audit.size() - most), audit.size()).stream()
                .map(Records::asRead)
                .toList();
    }

    /** The agent's own memory; it may end in the middle of a clear, right before it writes. */
    private void keep() {
        if (clearUnderWay && crashAtKeep) {
            dead = true;
        }
        if (!dead) {
            kept = new ArrayList<>(watcher.saveState());
            kept.addAll(clearing.saveState());
            keptOutcomes = counted();
        }
    }

    private Map<Outcome, Long> counted() {
        Map<Outcome, Long> counted = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counted.put(outcome, clearing.counts().total(outcome));
        }
        return counted;
    }

    /** Intents that nobody has said the end of. */
    private List<AuditRecord> unfinished() {
        Map<String, AuditRecord> open = new LinkedHashMap<>();
        for (AuditLine line : audit) {
            if (line.kind().equals("intent")) {
                open.put(line.id(), Records.asRead(line));
            } else if (line.kind().equals("outcome") || line.kind().equals("unfinished")) {
                open.remove(line.id());
            }
        }
        return List.copyOf(open.values());
    }

    /** What was promised and did not hold; null if everything did. */
    @Nullable
    String broken() {
        return broken;
    }

    /** How many clears ended so. */
    long outcomes(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    private void breaks(String promise) {
        if (broken == null) {
            broken = promise + " [backups " + backups + ", state set since " + setSince + ", now " + clock.instant()
                    + "]";
        }
    }

    /** How many clears were executed while a backup had opened its session after its node was asked for shadow copies. */
    long unseenSessions() {
        return unseenSessions;
    }

    private static String nodeOf(int number) {
        return NODES.get(Math.floorMod(number, NODES.size()));
    }

    /** One step; {@code a} says which of its forms. */
    void step(Kind kind, int a) {
        switch (kind) {
            case POLL -> polls(1 + Math.floorMod(a, 3));
            case POLL_LONG -> polls(1 + Math.floorMod(a, 40));
            case TIME_PASSES -> timePasses(Math.floorMod(a, 1200));
            case PREPARE -> prepare(nodeOf(a));
            case OPEN_SESSION -> openSession(a);
            case START -> startBackup(nodeOf(a));
            case SHORT_BACKUP -> shortBackup(nodeOf(a), Math.floorMod(a / 2, 90), Math.floorMod(a / 180, 2) == 0);
            case READ_PERSISTENT_COPY -> readPersistently();
            case COMPLETE -> end(a, true);
            case DIE -> end(a, false);
            case MOVE -> move(nodeOf(a));
            case NODE_CHANGES -> setNode(nodeOf(a), STATES[Math.floorMod(a / 2, STATES.length)]);
            case NODE_COMES_BACK -> setNode(nodeOf(a), "UP");
            case SERVICES_IDLE -> idle(nodeOf(a));
            case VSS_LINGERS -> vssLingersUntil.put(nodeOf(a), clock.instant().plusSeconds(Math.floorMod(a / 2, 600)));
            case PROVIDER_RUNS ->
                setService(nodeOf(a), Cluster.SOFTWARE_PROVIDER, Math.floorMod(a / 2, 2) == 0 ? "RUNNING" : "STOPPED");
            case SERVICE_IS_PENDING ->
                setService(
                        nodeOf(a),
                        Math.floorMod(a / 2, 2) == 0 ? Cluster.VSS : Cluster.SOFTWARE_PROVIDER,
                        PENDING[Math.floorMod(a / 4, PENDING.length)]);
            case CALLS_FAIL ->
                controls.failNextCalls(
                        FUNCTIONS[Math.floorMod(a, FUNCTIONS.length)], 1722, 1 + Math.floorMod(a / 8, 3));
            case CALL_IS_SLOW_OR_HANGS ->
                cluster.slowDown(
                        CALLS.get(Math.floorMod(a, CALLS.size())), Duration.ofSeconds(Math.floorMod(a / 3, 120)));
            case DISK_CHANGES ->
                cluster.resourceState = Math.floorMod(a, 3) == 0 ? new ResourceState(130) : ResourceState.ONLINE;
            case RESTART -> restart(a);
            case CRASH_IN_NEXT_CLEAR -> {
                crashAtKeep = Math.floorMod(a, 3) == 2;
                crashAtAppend = crashAtKeep ? 0 : 1 + Math.floorMod(a, 3);
                crashAfterIt = Math.floorMod(a / 3, 2) == 0;
            }
            case CRASH_IN_NEXT_LOOK -> {
                crashInLook = true;
                crashAfterIt = Math.floorMod(a, 2) == 0;
            }
            case BACKUP_DURING_NEXT_CLEAR -> {
                interruption = MOMENTS.get(Math.floorMod(a, MOMENTS.size()));
                interruptedBy = a / 3;
            }
            case NEXT_CLEAR_MISBEHAVES ->
                cluster.misbehaviour = MISBEHAVIOURS.get(Math.floorMod(a, MISBEHAVIOURS.size()));
            case NEIGHBOUR_IS_BACKED_UP -> backUpNeighbour(nodeOf(a));
            case SECOND_OPERATOR -> secondOperator = true;
            case ASSESS -> assess();
            case CLEAR -> clear();
        }
        judgeChecks();
    }

    private void judgeChecks() {
        if (!checksAreJudged) {
            return;
        }
        Snapshot snapshot = watcher.snapshot();
        for (WatchedVolume volume : snapshot.volumes()) {
            if (!volume.volume().friendlyPath().equals(VOLUME)) {
                continue;
            }
            guard.assess(snapshot, volume, clock.instant()).checks().forEach(check -> {
                if (check.result() == CheckResult.PASSED && !oracle.mayPass(check.name(), clock.instant())) {
                    breaks(check.name() + " PASSED on \"" + check.seen() + "\", and the cluster did not say so");
                }
            });
        }
    }

    /** A backup of the other volume begins, or ends if there is one. */
    private void backUpNeighbour(String node) {
        String where = neighbourBackedUpOn;
        if (where != null) {
            neighbourBackedUpOn = null;
            controls.completeBackup(NEIGHBOUR);
        } else if (isOn(node)) {
            neighbourBackedUpOn = node;
            controls.startBackup(NEIGHBOUR, node);
        }
    }

    /** In the middle of a clear a backup is prepared, opens its session or makes its copy. */
    private void interrupt(ObservedCluster.Moment moment) {
        if (!clearUnderWay || moment != interruption) {
            return;
        }
        interruption = null;
        String node = nodeOf(interruptedBy);
        switch (Math.floorMod(interruptedBy / 2, 3)) {
            case 0 -> prepare(node);
            case 1 -> {
                prepare(node);
                openSession(interruptedBy);
            }
            default -> startBackup(node);
        }
    }

    /**
     * At each poll, well or badly ended: since when is the state set? One that ends and is set again between two polls leaves no trace, as the
     * README says; the invariants do not ask for what nobody can see.
     */
    private void look() {
        boolean set = simulatedState();
        if (!set) {
            setSince = null;
        } else if (setSince == null) {
            setSince = clock.instant();
        }
    }

    private boolean simulatedState() {
        return controls.getVolumes()[0].contains("IN_PROGRESS");
    }

    /** VSS runs where a session is open, and where it has not been idle for long enough. */
    private void keepServicesInUse() {
        for (String node : NODES) {
            Instant until = vssLingersUntil.get(node);
            boolean lingers = until != null && clock.instant().isBefore(until);
            boolean neighbour = node.equals(neighbourBackedUpOn);
            if (lingers
                    || neighbour
                    || backups.stream().anyMatch(backup -> backup.hasSession() && backup.node.equals(node))) {
                setService(node, Cluster.VSS, "RUNNING");
            }
        }
    }

    private void setService(String node, String service, String state) {
        if (isOn(node)) {
            controls.setServiceState(node, service, state);
        }
    }

    /** The agent is not there, or is held up. */
    private void timePasses(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        troubled();
    }

    private void troubled() {
        suspicion.troubled(clock.instant());
    }

    private void polls(int count) {
        for (int i = 0; i < count; i++) {
            for (long looks = POLL.dividedBy(BETWEEN_LOOKS); looks > 0; looks--) {
                clock.advance(BETWEEN_LOOKS);
                lookAfter();
            }
            look();
            watcher.refresh();
            clearing.polled();
        }
        keep();
    }

    /** The agent looks after its clears. */
    private void lookAfter() {
        cluster.takeAnswered();
        if (NODES.stream().noneMatch(this::isOn) || watcher.snapshot().lastPoll() == null) {
            troubled(); // there is nobody to ask, or nobody known yet
        }
        if (!bug.equals("second-look")) {
            looking = true;
            try {
                clearing.lookAfter();
            } catch (Crash e) {
                crashed();
                return;
            } finally {
                looking = false;
            }
        }
        if (checksAreJudged
                && clearing.counts().suspect().values().stream()
                                .mapToLong(each -> each)
                                .sum()
                        != audit.stream()
                                .filter(line -> line.kind().equals(SUSPECT))
                                .map(AuditLine::id)
                                .distinct()
                                .count()) {
            breaks("the counter of suspect clears is not what the audit says");
        }
        if (!suspicion.watches()) {
            return;
        }
        Set<String> pending = clearing.saveState().stream()
                .filter(line -> line.kind().equals("after-clear"))
                .map(line -> line.text(0))
                .collect(Collectors.toSet());
        String promise = suspicion.broken(audit, pending, cluster.takeAnswered(), clock.instant());
        if (promise != null) {
            breaks(promise);
        }
    }

    private boolean isOn(String name) {
        return nodeLine(name).isPresent() && !nodeLine(name).get().contains(" is DOWN");
    }

    private Optional<String> nodeLine(String name) {
        for (String line : controls.getNodes()) {
            if (line.startsWith(name)) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** The backup that the cluster simulates on a node; null if there is none. */
    private @Nullable LiveBackup simulatedOn(String node) {
        return backups.stream()
                .filter(backup -> backup.isSimulated() && backup.node.equals(node))
                .findFirst()
                .orElse(null);
    }

    private void prepare(String node) {
        if (simulatedOn(node) == null && isOn(node)) {
            controls.prepareBackup(VOLUME, node);
            backups.add(new LiveBackup(node));
        }
    }

    private void openSession(int a) {
        LiveBackup backup = simulatedOn(nodeOf(a));
        if (backup != null && backup.phase == Phase.PREPARED) {
            backup.phase = Phase.SESSION;
            backup.sessionOpened = cluster.next();
            keepServicesInUse();
        }
    }

    private void startBackup(String node) {
        LiveBackup backup = simulatedOn(node);
        if (backup == null && isOn(node)) {
            backup = new LiveBackup(node);
            backups.add(backup);
        }
        if (backup != null && !backup.hasCopy()) {
            controls.startBackup(VOLUME, node);
            if (backup.phase == Phase.PREPARED) {
                backup.sessionOpened = cluster.next();
            }
            backup.phase = Phase.COPY;
            backup.copyMade = cluster.next();
            backup.copyCreated = clock.instant();
            backup.firstCopy = clock.instant();
            suspicion.copied(clock.instant());
        }
    }

    /** One makes its copy and dies some seconds later, while the agent looks after its clears or is held up. */
    private void shortBackup(String node, int seconds, boolean heldUp) {
        startBackup(node);
        if (heldUp) {
            timePasses(seconds);
        } else {
            for (int passed = 0; passed < seconds; passed += (int) BETWEEN_LOOKS.toSeconds()) {
                clock.advance(BETWEEN_LOOKS);
                lookAfter();
            }
        }
        if (firstSimulated() != null) {
            end(1, false);
        }
    }

    /** The first that began, as the cluster takes it. */
    private @Nullable LiveBackup firstSimulated() {
        return backups.stream().filter(LiveBackup::isSimulated).findFirst().orElse(null);
    }

    private void readPersistently() {
        LiveBackup backup = firstSimulated();
        if (backup != null && backup.phase == Phase.COPY) {
            controls.killBackup(VOLUME);
            controls.addShadowCopy(VOLUME, backup.node, true);
            backup.phase = Phase.READING;
            backup.copyCreated = clock.instant();
            suspicion.copied(clock.instant());
        }
    }

    /** Ends a backup: the first that the cluster simulates, or the first that only reads. */
    private void end(int a, boolean well) {
        LiveBackup reading = backups.stream()
                .filter(backup -> !backup.isSimulated())
                .findFirst()
                .orElse(null);
        LiveBackup simulatedOne = firstSimulated();
        if (simulatedOne == null || (reading != null && Math.floorMod(a, 3) == 0)) {
            if (reading != null) {
                ended(reading);
            }
            return;
        }
        if (well) {
            controls.completeBackup(VOLUME);
        } else {
            controls.killBackup(VOLUME);
        }
        ended(simulatedOne);
    }

    private void ended(LiveBackup backup) {
        backup.ended = clock.instant();
        backups.remove(backup);
    }

    private void move(String node) {
        if (nodeLine(node).orElse("").contains(" UP")) {
            controls.moveVolume(VOLUME, node);
        }
    }

    private void setNode(String name, String state) {
        controls.setNodeState(name, state);
        if (state.startsWith("DOWN")) {
            List.copyOf(backups).stream()
                    .filter(backup -> backup.node.equals(name))
                    .forEach(this::ended);
            neighbourBackedUpOn = name.equals(neighbourBackedUpOn) ? null : neighbourBackedUpOn;
        }
    }

    /** The services may stop at any time once nobody has a session. */
    private void idle(String node) {
        vssLingersUntil.remove(node);
        setService(node, Cluster.VSS, "STOPPED");
        setService(node, Cluster.SOFTWARE_PROVIDER, "STOPPED");
        keepServicesInUse();
    }

    /** Ended by its administrator, who lets it write down what it knows. */
    private void restart(int seconds) {
        keep();
        timePasses(Math.floorMod(seconds, 600));
        start(kept);
    }

    private void clear() {
        look();
        clearUnderWay = true;
        ClearResult result;
        try {
            result = clearing.clear(VOLUME, ANN);
        } catch (Crash e) {
            crashed();
            return;
        } finally {
            clearUnderWay = false;
            secondOperator = false;
            interruption = null;
        }
        outcomes.merge(result.outcome(), 1L, Long::sum);
        if (result.outcome() == Outcome.CLEARED && simulatedState()) {
            breaks("a clear that was reported as CLEARED left the state");
        }
        if (result.outcome() == Outcome.NOT_CLEARED && !simulatedState()) {
            breaks("a clear that was reported as NOT_CLEARED cleared the state");
        }
        checkCounters();
    }

    /** Somebody asks whether a clear would be done. */
    private void assess() {
        look();
        try {
            clearing.assess(VOLUME);
        } catch (IllegalStateException | IllegalArgumentException e) {
            boolean known = watcher.snapshot().volumes().stream()
                    .anyMatch(volume -> volume.volume().friendlyPath().equals(VOLUME));
            if (known) {
                breaks("an assessment failed, and the volume can be read: " + e.getMessage());
            }
        }
    }

    private void checkCounters() {
        for (Outcome outcome : Outcome.values()) {
            if (clearing.counts().total(outcome) != outcomes(outcome)) {
                breaks("the counter of " + outcome + " is not what happened");
            }
        }
    }

    /** What was written down last is all that the next run knows. */
    private void crashed() {
        // Every other time it ends again while it tells of what the first end left behind.
        crashAtAppend = crashAfterIt ? 1 : 0;
        crashAtKeep = false;
        crashInLook = false;
        int open = unfinished().size();
        start(kept);
        troubled();
        crashAtAppend = 0;
        if (!crashAfterIt
                && (clearing.unfinished().size() != open || clearing.counts().unfinished() != open)) {
            breaks("an intent without outcome is not told of after a crash");
        }
        outcomes.clear();
        outcomes.putAll(keptOutcomes);
        checkCounters();
    }

    /** In the middle of a clear somebody else asks for one of the same volume. */
    private void askAsSecondOperator() {
        if (!secondOperator) {
            return;
        }
        secondOperator = false;
        int lines = audit.size();
        clearUnderWay = false;
        ClearResult result = clearing.clear(VOLUME, BOB);
        clearUnderWay = true;
        outcomes.merge(result.outcome(), 1L, Long::sum);
        boolean told = result.message().contains("is under way, asked for by ann through test");
        if (result.outcome() != Outcome.REFUSED || !told || audit.size() != lines + 1) {
            breaks("a second operator was not told that a clear is under way: " + result.message());
        }
    }

    /** At the moment of the native call. */
    private void executed(Volume volume) {
        if (!volume.friendlyPath().equals(VOLUME)) {
            breaks("the neighbour was cleared");
        }
        if (unfinished().isEmpty()) {
            breaks("a clear was executed without its intent in the audit before it");
            return;
        }
        List<LiveBackup> unseen = new ArrayList<>();
        for (LiveBackup backup : backups) {
            boolean copySeen = backup.hasCopy() && backup.copyMade < cluster.shadowCopyLook(backup.node);
            boolean sessionSeen = backup.hasSession() && backup.sessionOpened < cluster.shadowCopyLook(backup.node);
            if (sessionSeen || (backup.hasSession() && copySeen)) {
                breaks("a clear was executed while a backup with an open VSS session was alive");
            }
            Instant created = backup.copyCreated;
            boolean young = created != null && setSince != null && !created.isBefore(setSince);
            if (backup.phase == Phase.READING && young) {
                breaks("a clear was executed while a backup was reading a copy younger than the state");
            }
            if (backup.hasSession() && !sessionSeen) {
                unseenSessions++;
            }
            // A session that opened after its node was asked, which starts VSS, leaves no trace; its copy makes the
            // clear suspect.
            if (backup.phase == Phase.PREPARED || (backup.hasSession() && !sessionSeen && !copySeen)) {
                unseen.add(backup);
            }
        }
        suspicion.cleared(unfinished().get(unfinished().size() - 1).text("id"), clock.instant(), unseen);
        if (setSince == null || Duration.between(setSince, clock.instant()).compareTo(STALE_AFTER) < 0) {
            breaks("a clear was executed on a state that the cluster's own timer may still end");
        }
        judgeChecks();
        askAsSecondOperator();
    }

    /** Everything dies and every node comes back: what is left set must be cleared now. */
    void end() {
        while (firstSimulated() != null) {
            end(1, false);
        }
        if (neighbourBackedUpOn != null) {
            backUpNeighbour("");
        }
        cluster.misbehaviour = ObservedCluster.Misbehaviour.NONE;
        interruption = null;
        List.copyOf(backups).forEach(this::ended);
        controls.removeShadowCopies(VOLUME);
        NODES.forEach(node -> controls.setNodeState(node, "UP"));
        cluster.resourceState = ResourceState.ONLINE;
        crashAtAppend = 0;
        crashAtKeep = false;
        crashInLook = false;
        vssLingersUntil.clear();
        // Failures that were still to come are used up by the first tries. The services run, and stop once nobody uses
        // them.
        NODES.forEach(node -> List.of(Cluster.VSS, Cluster.SOFTWARE_PROVIDER)
                .forEach(service -> setService(node, service, "RUNNING")));
        for (int tries = 0; tries < 4 && simulatedState(); tries++) {
            for (int minutes = 0; minutes < 42; minutes += 2) {
                polls(2);
                assess();
            }
            clear();
        }
        if (simulatedState()) {
            breaks("a stale state with full evidence and no backup is not cleared, but "
                    + clearing.assess(VOLUME).verdict());
        }
    }
}
