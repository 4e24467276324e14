package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearPorts;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterReading;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.guard.PlantedBug;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One volume of the simulated cluster with the real watch, guard and clear over it, under one virtual clock; and beside them an oracle that
 * knows what is really alive. A step that is not possible does nothing. The first broken promise is remembered.
 */
final class World {
    static final int STEP_KINDS = 24;
    private static final Duration POLL = Duration.ofMinutes(1);
    private static final Duration STALE_AFTER = Duration.ofMinutes(30);
    private static final Duration QUIET = Duration.ofMinutes(3);
    /** Three looks, after a stop of twenty minutes at most. */
    private static final Duration LOOKS_END_WITHIN = Duration.ofMinutes(45);

    private static final WatchSettings SETTINGS = new WatchSettings(POLL, STALE_AFTER, QUIET, Duration.ofMinutes(1));
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final Caller ANN = new Caller("operator", "ann", "test", "");
    private static final String[] FUNCTIONS = {
        "OpenClusterEx",
        "ClusterOpenEnum",
        "GetClusterNodeState",
        "ClusterResourceControl",
        "QueryServiceStatusEx",
        "Win32_ShadowCopy"
    };
    private static final String[] STATES = {"UP", "PAUSED", "DOWN", "DOWN_UNKNOWN", "ISOLATED", "QUARANTINED"};

    /** What a backup of the volume has come to. */
    private enum Phase {
        NONE,
        /** The state is set; no VSS session yet. */
        PREPARED,
        /** A VSS session is open, and no shadow copy is listed yet. */
        SESSION,
        /** The copy exists, and goes with its requester. */
        COPY,
        /** The session is over, and a persistent copy is being read. */
        READING
    }

    private final MovableClock clock = new MovableClock();
    private final SimulatedCluster simulated = new SimulatedCluster(clock, 2, 1);
    private final SimulatedClusterMBean controls = simulated.controls();
    private final Cluster cluster = new Observed();
    private final List<AuditLine> audit = new ArrayList<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final String bug;

    private NodeEvidence evidence;
    private Watcher watcher;
    private Clearing clearing;

    private Phase phase = Phase.NONE;
    private String node = "NODE1";
    private @Nullable Instant copyCreated;
    private @Nullable Instant setSince;
    private @Nullable Instant clearedWhilePrepared;
    private long suspectBefore;
    private @Nullable String broken;

    World(String bug) {
        this.bug = bug;
        start(List.of());
    }

    private void start(List<io.github.csvbackup.state.StateLine> memory) {
        evidence = new NodeEvidence(cluster, Duration.ofMinutes(1), Duration.ofMinutes(1), clock);
        watcher = new Watcher(cluster, evidence, SETTINGS, clock);
        clearing = new Clearing(
                new ClearPorts(
                        cluster,
                        watcher,
                        evidence,
                        PlantedBug.guard(SETTINGS, bug),
                        audit::add,
                        clock,
                        clock::advance,
                        Runnable::run,
                        event -> {}),
                new ClearSettings(false, Duration.ofMinutes(1), Duration.ofMinutes(1), QUIET));
        watcher.remember(memory);
        clearing.remember(memory);
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
            broken = promise + " [backup " + phase + " on " + node + ", state set since " + setSince + ", now "
                    + clock.instant() + "]";
        }
    }

    private static String nodeOf(int number) {
        return "NODE" + (1 + Math.floorMod(number, 2));
    }

    void step(int kind, int a) {
        switch (Math.floorMod(kind, STEP_KINDS)) {
            case 0, 1, 2 -> polls(1 + Math.floorMod(a, 3));
            case 3, 4 -> polls(1 + Math.floorMod(a, 40));
            case 5 -> clock.advance(Duration.ofSeconds(Math.floorMod(a, 1200)));
            case 6, 7 -> prepare(nodeOf(a));
            case 8 -> openSession();
            case 9, 10 -> startBackup(nodeOf(a));
            case 11 -> readPersistently();
            case 12 -> complete();
            case 13, 14 -> kill();
            case 15 -> move(nodeOf(a));
            case 16 -> setNode(nodeOf(a), STATES[Math.floorMod(a / 2, STATES.length)]);
            case 17 -> setNode(nodeOf(a), "UP");
            case 18 -> idle(nodeOf(a));
            case 19 ->
                controls.failNextCalls(
                        FUNCTIONS[Math.floorMod(a, FUNCTIONS.length)], 1722, 1 + Math.floorMod(a / 8, 3));
            case 20 -> restart(a);
            default -> clear();
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

    private void keepSessionsOpen() {
        if (phase == Phase.SESSION || phase == Phase.COPY) {
            controls.setServiceState(node, Cluster.VSS, "RUNNING");
        }
    }

    private void polls(int count) {
        for (int i = 0; i < count; i++) {
            clock.advance(POLL);
            keepSessionsOpen();
            look();
            watcher.refresh();
            if (!bug.equals("second-look")) {
                clearing.tick();
            }
            checkSuspicion();
        }
    }

    private void prepare(String where) {
        if (phase == Phase.NONE && isOn(where)) {
            controls.prepareBackup(VOLUME, where);
            phase = Phase.PREPARED;
            node = where;
        }
    }

    private boolean isOn(String name) {
        return nodeLine(name).isPresent() && !nodeLine(name).get().contains(" DOWN");
    }

    private java.util.Optional<String> nodeLine(String name) {
        for (String line : controls.getNodes()) {
            if (line.startsWith(name)) {
                return java.util.Optional.of(line);
            }
        }
        return java.util.Optional.empty();
    }

    private void openSession() {
        if (phase == Phase.PREPARED) {
            phase = Phase.SESSION;
            keepSessionsOpen();
        }
    }

    private void startBackup(String where) {
        if (phase == Phase.NONE && isOn(where)) {
            node = where;
        } else if (phase != Phase.PREPARED && phase != Phase.SESSION) {
            return;
        }
        controls.startBackup(VOLUME, node);
        phase = Phase.COPY;
        copyCreated = clock.instant();
    }

    private void readPersistently() {
        if (phase == Phase.COPY) {
            controls.killBackup(VOLUME);
            controls.addShadowCopy(VOLUME, node, true);
            phase = Phase.READING;
            copyCreated = clock.instant();
        }
    }

    private void complete() {
        if (phase == Phase.PREPARED || phase == Phase.SESSION || phase == Phase.COPY) {
            controls.completeBackup(VOLUME);
        }
        phase = Phase.NONE;
    }

    private void kill() {
        if (phase == Phase.PREPARED || phase == Phase.SESSION || phase == Phase.COPY) {
            controls.killBackup(VOLUME);
        }
        phase = Phase.NONE;
    }

    private void move(String where) {
        if (nodeLine(where).orElse("").contains(" UP")) {
            controls.moveVolume(VOLUME, where);
        }
    }

    private void setNode(String name, String state) {
        controls.setNodeState(name, state);
        if (state.startsWith("DOWN") && node.equals(name)) {
            phase = Phase.NONE;
        }
    }

    /** The service may stop at any time once nobody has a session. */
    private void idle(String name) {
        if (isOn(name) && !(node.equals(name) && (phase == Phase.SESSION || phase == Phase.COPY))) {
            controls.setServiceState(name, Cluster.VSS, "STOPPED");
        }
    }

    private void restart(int seconds) {
        List<io.github.csvbackup.state.StateLine> memory = new ArrayList<>(watcher.memory());
        memory.addAll(clearing.memory());
        clock.advance(Duration.ofSeconds(Math.floorMod(seconds, 600)));
        start(memory);
    }

    private void clear() {
        keepSessionsOpen();
        look();
        ClearResult result = clearing.clear(VOLUME, ANN);
        outcomes.merge(result.outcome(), 1L, Long::sum);
        if (result.outcome() == Outcome.CLEARED && simulatedState()) {
            breaks("a clear that was reported as CLEARED left the state");
        }
        for (Outcome outcome : Outcome.values()) {
            if (clearing.counts().total(outcome) != outcomes.getOrDefault(outcome, 0L)) {
                breaks("the counter of " + outcome + " is not what happened");
            }
        }
    }

    /** At the moment of the native call. */
    private void executed() {
        if (audit.isEmpty() || !audit.get(audit.size() - 1).kind().equals("intent")) {
            breaks("a clear was executed without its intent in the audit before it");
        }
        if (phase == Phase.SESSION || phase == Phase.COPY) {
            breaks("a clear was executed while a backup with an open VSS session was alive");
        }
        boolean young = copyCreated != null && setSince != null && !copyCreated.isBefore(setSince);
        if (phase == Phase.READING && young) {
            breaks("a clear was executed while a backup was reading a copy younger than the state");
        }
        if (setSince == null || Duration.between(setSince, clock.instant()).compareTo(STALE_AFTER) < 0) {
            breaks("a clear was executed on a state that the cluster's own timer may still end");
        }
        if (phase == Phase.PREPARED) {
            clearedWhilePrepared = clock.instant();
            suspectBefore = suspects();
        }
    }

    private long suspects() {
        return clearing.counts().suspect().getOrDefault(VOLUME, 0L);
    }

    /** A backup that was prepared when the state was cleared, and whose copy is there when it is looked for, makes the clear suspect. */
    private void checkSuspicion() {
        Instant cleared = clearedWhilePrepared;
        if (cleared == null) {
            return;
        }
        Instant now = clock.instant();
        boolean copyThere = (phase == Phase.COPY || phase == Phase.READING)
                && copyCreated != null
                && copyCreated.isBefore(cleared.plus(QUIET));
        boolean known = suspects() > suspectBefore
                || audit.stream().anyMatch(line -> line.kind().equals("unchecked"));
        if (known || (!copyThere && phase != Phase.PREPARED && phase != Phase.SESSION)) {
            clearedWhilePrepared = null;
        } else if (copyThere && now.isAfter(cleared.plus(LOOKS_END_WITHIN))) {
            breaks("a backup that was prepared when the state was cleared did not make the clear suspect");
        } else if (now.isAfter(cleared.plus(QUIET))) {
            clearedWhilePrepared = copyThere ? cleared : null;
        }
    }

    /** Everything dies and every node comes back: what is left set must be cleared now. */
    void end() {
        kill();
        controls.removeShadowCopies(VOLUME);
        for (String name : List.of("NODE1", "NODE2")) {
            controls.setNodeState(name, "UP");
        }
        for (int tries = 0; tries < 4 && simulatedState(); tries++) {
            // Failures that were still to come are used up by the first tries.
            for (String name : List.of("NODE1", "NODE2")) {
                controls.setServiceState(name, Cluster.VSS, "STOPPED");
            }
            polls(42);
            clear();
        }
        if (simulatedState()) {
            breaks("a stale state with full evidence and no backup is not cleared, but "
                    + clearing.assess(VOLUME).verdict());
        }
    }

    /** The simulated cluster; each native clear is looked at in the moment of its call. */
    private final class Observed implements Cluster {
        @Override
        public boolean neverBlocks() {
            return true;
        }

        @Override
        public Backend backend() {
            return simulated.backend();
        }

        @Override
        public BackupStateSupport backupStateSupport() {
            return simulated.backupStateSupport();
        }

        @Override
        public ClusterReading read() throws ClusterException {
            ClusterReading reading = simulated.read();
            if (!bug.equals("isolation")) {
                return reading;
            }
            List<Node> nodes = reading.nodes().stream()
                    .map(each -> new Node(each.name(), each.state(), 0))
                    .toList();
            return new ClusterReading(
                    reading.clusterName(), reading.localNode(), nodes, reading.volumes(), reading.unreadable());
        }

        @Override
        public Volume read(VolumeKey key) throws ClusterException {
            return simulated.read(key);
        }

        @Override
        public ServiceStatus service(String name, String service) throws ClusterException {
            return simulated.service(name, service);
        }

        @Override
        public List<ShadowCopy> shadowCopies(String name) throws ClusterException {
            return simulated.shadowCopies(name);
        }

        @Override
        public IoReading ioStates() {
            return new IoReading(List.of(), List.of());
        }

        @Override
        public void onChange(Runnable wake) {}

        @Override
        public void clear(Volume volume) throws ClusterException {
            executed();
            simulated.clear(volume);
        }

        @Override
        public void close() {}
    }
}
