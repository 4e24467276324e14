package io.github.csvbackup.model;

import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearContext;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.ClearSettings;
import io.github.csvbackup.clear.Clearing;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.PlantedBug;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.leftover.LeftoverSettings;
import io.github.csvbackup.leftover.LeftoverWatch;
import io.github.csvbackup.leftover.Sightings;
import io.github.csvbackup.model.PlannedCrash.Crash;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The real watcher, guard and clearing, and the operators who use them. The agent may stall, restart or crash. */
final class AgentUnderTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    /** It polls each minute, and volumes of other nodes every three; a state is stale after 30, and VSS must be stopped for three. */
    static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofMinutes(1), Duration.ofMinutes(3), Duration.ofMinutes(30), Duration.ofMinutes(3), DEADLINE);

    /** It asks Hyper-V every 15 minutes, and each minute while a machine on a volume whose state is set says that it is being backed up. */
    private static final LeftoverSettings LEFTOVERS =
            new LeftoverSettings(Duration.ofMinutes(15), Duration.ofHours(24), DEADLINE);

    static final Caller ANN = new Caller(Role.OPERATOR, "ann", "test", "");
    private static final Caller BOB = new Caller(Role.OPERATOR, "bob", "test", "");

    private final Bug bug;
    private final Surroundings surroundings;
    private final Promises promises;
    private final AnotherVolumesEvidence anotherVolumesEvidence;
    private final Guard guard;
    private final PlannedCrash crash = new PlannedCrash();
    private final Audit audit = new Audit() {
        @Override
        public void append(AuditLine line) {
            AgentUnderTest.this.append(line);
        }

        @Override
        public List<AuditRecord> recent(int most) {
            return surroundings.audit.recent(most);
        }
    };

    private Watcher watcher;
    private Clearing clearing;

    /** The saved state that the next run finds, and the outcomes that it counts. */
    private List<StateLine> kept = List.of();

    private Map<Outcome, Long> keptOutcomes = new EnumMap<>(Outcome.class);
    /** Outcomes of requests to clear, without those that a crash removed from the agent's state. */
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

    /** The outcomes of each batch. */
    private final List<List<Outcome>> batches = new ArrayList<>();

    /** The event at which the last successful poll began. */
    private long lastPoll;

    private Duration nextIntentTakes = Duration.ZERO;
    /** How long the intents have taken. */
    private long nanosInIntents;

    private boolean dead;
    private boolean looking;
    private boolean clearUnderWay;
    private boolean takingOver;
    private boolean secondOperatorComes;

    AgentUnderTest(Bug bug, Surroundings surroundings, Promises promises) {
        this.bug = bug;
        this.surroundings = surroundings;
        this.promises = promises;
        this.anotherVolumesEvidence = new AnotherVolumesEvidence(bug.checkUsedForAnotherVolume());
        this.guard = PlantedBug.guard(SETTINGS, bug.passes().or(anotherVolumesEvidence));
        start();
    }

    private void start() {
        dead = false;
        surroundings.checks.restart();
        NodeEvidence evidence = new NodeEvidence(
                surroundings.cluster, surroundings.peer, DEADLINE, DEADLINE, surroundings.clock, this::evidenceNanos);
        watcher =
                new Watcher(surroundings.cluster, evidence, SETTINGS, surroundings.clock, surroundings.clock::nanoTime);
        clearing = new Clearing(
                new ClearContext(
                        surroundings.cluster,
                        watcher,
                        evidence,
                        guard,
                        audit,
                        surroundings.clock,
                        this::nanoTime,
                        surroundings.clock::advance,
                        this::saveState,
                        event -> {}),
                new ClearSettings(false, DEADLINE, SETTINGS.quietTime()));
        LeftoverWatch leftovers = new LeftoverWatch(
                surroundings.cluster,
                LEFTOVERS,
                Sightings.NONE,
                evidence,
                surroundings.clock,
                surroundings.clock::nanoTime);
        watcher.alsoCarry(snapshot -> new MachineBackups(true, leftovers.look(snapshot)), clearing::plannedLists);
        watcher.alsoRead(clearing::inWork);
        watcher.alsoReadServicesWhile(clearing::hasFollowUps);
        surroundings.cluster.hidesVss = () -> bug == Bug.HIDDEN_VSS_AFTER_CLEAR && clearing.hasFollowUps();
        watcher.restoreState(kept);
        clearing.restoreState(kept);
        takingOver = true;
        try {
            Crash.mayHappen();
            clearing.takeOver(surroundings.audit.unfinished());
        } catch (Crash e) {
            start();
        } finally {
            takingOver = false;
        }
    }

    private long nanoTime() {
        long now = surroundings.clock.nanoTime();
        return switch (bug) {
            case CLOCK_STARTS_AT_ANSWER -> now - surroundings.cluster.nanosInQuestions();
            case CLOCK_STOPS_IN_INTENTS -> now - nanosInIntents;
            case CLOCK_RESTARTS_WITH_EACH_VOLUME -> now - surroundings.cluster.nanosInClears();
            default -> now;
        };
    }

    private long evidenceNanos() {
        long inAnswers = bug == Bug.LATE_ANSWER_COUNTS ? surroundings.peer.nanosInAnswers() : 0;
        return surroundings.clock.nanoTime() - inAnswers;
    }

    /** The next intent takes this time to reach the disk. */
    void slowNextIntent(Duration time) {
        nextIntentTakes = time;
    }

    private void append(AuditLine line) {
        if (dead) {
            throw Crash.<RuntimeException>now();
        }
        if (line.kind().equals(AuditInMemory.INTENT)) {
            promises.theLastReadsComeBeforeTheIntent(AuditInMemory.volume(line));
            surroundings.clock.advance(nextIntentTakes);
            nanosInIntents += nextIntentTakes.toNanos();
            nextIntentTakes = Duration.ZERO;
        }
        boolean endsHere = crashesHere();
        promises.aLookIsRecordedOnceAndForACause(line);
        promises.theOutcomeIsTrue(line);
        if (!bug.loses(line.kind()) && !(endsHere && crash.losesTheLine())) {
            surroundings.audit.append(line);
        }
        if (endsHere) {
            dead = true;
            throw Crash.<RuntimeException>now();
        }
        if (line.kind().equals(AuditInMemory.INTENT)) {
            letSecondOperatorAsk(AuditInMemory.volume(line));
        }
    }

    private boolean crashesHere() {
        if (clearUnderWay || takingOver) {
            return crash.endsAtLineOfClear();
        }
        return looking && crash.endsAtLineOfLook();
    }

    /** Writes the agent's state, unless the agent ends right before. */
    private void saveState() {
        if (clearUnderWay && crash.endsAtMemory()) {
            dead = true;
        }
        if (!dead) {
            kept = new ArrayList<>(Watcher.saveState(watcher.snapshot()));
            kept.addAll(clearing.saveState());
            keptOutcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                keptOutcomes.put(outcome, clearing.counts().total(outcome));
            }
        }
    }

    /** Polls each minute and makes the checks after clears in between. */
    void poll(int polls) {
        for (int i = 0; i < polls; i++) {
            lookAfterClearsFor(SETTINGS.pollInterval());
            surroundings.peer.look();
            pollNow();
        }
        saveState();
    }

    /** A poll before the agent of another node looks again. */
    void pollUnseenByOthers() {
        pollNow();
        saveState();
    }

    private void pollNow() {
        surroundings.states.look();
        long begun = surroundings.events.incrementAndGet();
        watcher.pollOnce();
        clearing.polled();
        if (watcher.snapshot().pollError() == null) {
            lastPoll = begun;
        }
    }

    /** Time passes in which the agent only makes checks after clears. */
    void lookAfterClearsFor(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(BETWEEN_LOOKS)) {
            surroundings.clock.advance(BETWEEN_LOOKS);
            lookAfterClears();
        }
    }

    private void lookAfterClears() {
        if (!clearing.hasFollowUps() && surroundings.suspicion.open().isEmpty()) {
            return;
        }
        surroundings.cluster.forgetAnswers();
        if (!surroundings.nodes.isOneInCluster()) {
            surroundings.suspicion.troubled();
        }
        if (bug != Bug.NO_LOOKS_AFTER_CLEARS) {
            looking = true;
            try {
                Crash.mayHappen();
                clearing.followUp();
            } catch (Crash e) {
                surroundings.suspicion.interrupted();
                if (!crash.losesTheLine()) {
                    promises.afterCrashInLook(look());
                }
                startAfterCrash();
                return;
            } finally {
                looking = false;
                if (surroundings.cluster.wasAsked()) {
                    surroundings.suspicion.asked();
                }
            }
        }
        promises.suspectAndUncheckedClearsAreCounted(clearing.counts());
        if (!surroundings.suspicion.open().isEmpty() && watcher.snapshot().lastSuccess() != null) {
            promises.afterLook(look());
        }
    }

    private SuspicionOracle.Look look() {
        Set<String> pending = clearing.saveState().stream()
                .filter(line -> line.kind().equals("follow-up"))
                .map(line -> line.text("auditId"))
                .collect(Collectors.toSet());
        Set<String> up = watcher.snapshot().nodes().stream()
                .filter(node -> node.state().equals(NodeState.UP))
                .map(Node::name)
                .collect(Collectors.toSet());
        return new SuspicionOracle.Look(pending, surroundings.cluster.answers(), up, lastPoll);
    }

    /** The agent does nothing for this time. */
    void holdUp(Duration time) {
        Duration rest = time;
        for (; rest.compareTo(SETTINGS.pollInterval()) > 0; rest = rest.minus(SETTINGS.pollInterval())) {
            surroundings.clock.advance(SETTINGS.pollInterval());
            surroundings.peer.look();
        }
        surroundings.clock.advance(rest);
    }

    /** The administrator stops the agent normally and starts it again. */
    void restart(Duration downFor) {
        saveState();
        holdUp(downFor);
        start();
    }

    PlannedCrash plannedCrash() {
        return crash;
    }

    /** The new run knows only what was written before the crash. */
    private void startAfterCrash() {
        int open = surroundings.audit.unfinished().size();
        crash.happened();
        start();
        crash.none();
        if (!crash.isTwice()) {
            promises.anIntentWithoutOutcomeIsReported(
                    open, clearing.unfinished().size(), clearing.counts());
        }
        outcomes.clear();
        outcomes.putAll(keptOutcomes);
        promises.outcomesAreCounted(outcomes, clearing.counts());
    }

    /** An operator requests a clear of the volume. */
    void clear(VolumeName volume) {
        request(() -> count(clearing.clear(volume.path, ANN)));
    }

    /** An operator requests a clear of these volumes as a batch. */
    void clearAll(List<VolumeName> volumes) {
        request(() -> {
            int lines = surroundings.audit.size();
            List<ClearResult> results = clearing.clearAll(
                    volumes.stream().map(volume -> volume.path).toList(), ANN);
            promises.ofBatches().afterBatch(volumes, results, surroundings.audit.after(lines));
            batches.add(results.stream().map(ClearResult::outcome).toList());
            EnumSet.copyOf(volumes).forEach(volume -> count(results.get(volumes.indexOf(volume))));
        });
    }

    private void request(Runnable request) {
        surroundings.states.look();
        surroundings.cluster.forgetAnswers();
        anotherVolumesEvidence.requestBegins();
        clearUnderWay = true;
        try {
            Crash.mayHappen();
            request.run();
        } catch (Crash e) {
            startAfterCrash();
            return;
        } finally {
            clearUnderWay = false;
            secondOperatorComes = false;
        }
        promises.outcomesAreCounted(outcomes, clearing.counts());
    }

    private void count(ClearResult result) {
        outcomes.merge(result.outcome(), 1L, Long::sum);
    }

    boolean isClearing() {
        return clearUnderWay;
    }

    /** While the next clear is running, a second operator requests a clear of the same volume. */
    void sendSecondOperator() {
        secondOperatorComes = true;
    }

    void letSecondOperatorAsk(VolumeName volume) {
        if (!secondOperatorComes) {
            return;
        }
        secondOperatorComes = false;
        int lines = surroundings.audit.size();
        clearUnderWay = false;
        ClearResult result = clearing.clear(volume.path, BOB);
        clearUnderWay = true;
        count(result);
        promises.aSecondOperatorIsRefused(result, surroundings.audit.size() - lines);
    }

    /** An operator asks whether a clear would be done. */
    void assess(VolumeName volume) {
        surroundings.states.look();
        try {
            clearing.assess(volume.path, ANN);
        } catch (IllegalStateException | IllegalArgumentException e) {
            promises.anAssessmentFailsOnlyIfTheVolumeIsUnknown(watcher.snapshot(), volume, e);
        }
    }

    Verdict verdict(VolumeName volume) {
        return clearing.assess(volume.path, ANN).verdict();
    }

    /** The current checks of the volume; none while the agent does not know the volume. */
    List<Check> checks(VolumeName volume) {
        Snapshot snapshot = watcher.snapshot();
        return snapshot.volumes().stream()
                .filter(watched -> VolumeName.of(watched.volume()) == volume)
                .flatMap(watched -> guard.assess(snapshot, watched, surroundings.clock.instant()).checks().stream())
                .toList();
    }

    /** Number of requests to clear with this outcome. */
    long outcomes(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** The outcomes of each batch that did not end in a crash, in the order of its volumes. */
    List<List<Outcome>> batches() {
        return List.copyOf(batches);
    }
}
