package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks for shadow copies twice after a clear. A backup sets the state shortly before it opens its VSS session; on a volume whose state is
 * already set, that leaves no trace. So at quiet-time after the clear each node is asked for its shadow copies: one that did not exist before
 * makes the clear suspect. At fifteen minutes only those nodes are asked again that did not answer, or whose VSS service may have run for
 * another program. The queries are few, because each one starts VSS, which prevents clears of other volumes. A copy that is created and
 * deleted between two queries is not seen.
 */
final class AfterClear {
    /** A longer time is not counted in nanoseconds. */
    private static final Duration LONG_AGO = Duration.ofDays(365);

    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    private final VolumeWatch volumes;
    private final PatientLists lists;
    private final Guard guard;
    private final FollowUpFindings findings;
    private final FollowUpTimes times;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Runnable saveNow;
    private final FollowUps pending = new FollowUps();
    private final VssOfOthers vssOfOthers;

    AfterClear(
            ClearContext context,
            Duration quietTime,
            AuditTrail trail,
            Counters counters,
            Runnable saveNow,
            Consumer<ClearEvent> events) {
        this.volumes = context.watch();
        this.lists = new PatientLists(context.evidence(), context.pause());
        this.guard = context.guard();
        this.saveNow = saveNow;
        this.clock = context.clock();
        this.nanoTime = context.nanoTime();
        this.times = new FollowUpTimes(quietTime, context.clock(), context.nanoTime());
        this.findings =
                new FollowUpFindings(pending, trail, counters, context.guard().times(), events);
        this.vssOfOthers = new VssOfOthers(context.evidence().questions(), nanoTime);
    }

    /**
     * Adds a completed clear.
     *
     * @param name the volume's name
     * @param before the nodes' answers right before it
     */
    void add(String name, Volume volume, String auditId, Map<String, NodeAnswer<ShadowCopies>> before) {
        pending.add(FollowUp.after(before, name, volume.guidName(), auditId, clock.instant(), nanoTime.getAsLong()));
    }

    /** Adds a clear that was interrupted by the end of an earlier run: it may have taken effect. */
    void addCutOff(AuditRecord intent) {
        addByRecord(intent, intent.time("at"));
    }

    /** Adds a clear without a list of the copies before it, unless the clear is known already. */
    private void addByRecord(AuditRecord intent, @Nullable Instant at) {
        Instant clearedAt = at == null ? clock.instant() : at;
        pending.addUnlessKnown(FollowUp.after(
                Map.of(),
                intent.text("volume"),
                intent.text("guid"),
                intent.text("id"),
                clearedAt,
                nanosOf(clearedAt)));
    }

    /** Converts a time of an earlier run to this run's clock. A time in the future was written before the clock was set back and counts as now. */
    private long nanosOf(Instant time) {
        Duration ago = Duration.between(time, clock.instant());
        Duration counted = ago.isNegative() ? Duration.ZERO : ago.compareTo(LONG_AGO) > 0 ? LONG_AGO : ago;
        return nanoTime.getAsLong() - counted.toNanos();
    }

    /**
     * Takes over the last clears of an earlier run from the audit: the agent may have ended before it saved its state.
     *
     * @param recent the last lines of the audit, oldest first
     */
    void reconcile(List<AuditRecord> recent) {
        Map<String, AuditRecord> intents = new LinkedHashMap<>();
        Instant oldest = clock.instant().minus(times.quietTime()).minus(FollowUpTimes.SECOND_QUERY);
        for (AuditRecord line : recent) {
            String id = line.text("id");
            switch (line.text("kind")) {
                case "intent" -> intents.put(id, line);
                case "outcome", "late", "unfinished" -> {
                    AuditRecord intent = intents.get(id);
                    Instant at = line.time("at");
                    if (intent != null
                            && at != null
                            && at.isAfter(oldest)
                            && !line.text("called").equals("false")) {
                        addByRecord(intent, at);
                    }
                }
                default -> findings.reconcile(line.text("kind"), id, line.text("volume"));
            }
        }
    }

    /** Watches the VSS services between the queries; call it after each poll. */
    void polled(Snapshot snapshot) {
        vssOfOthers.polled(snapshot);
    }

    /** Asks everything that is due, once the nodes are known, and waits for the answers; call it repeatedly from one thread. */
    void followUp() {
        Snapshot snapshot = volumes.snapshot();
        if (snapshot.lastSuccess() == null) {
            return;
        }
        List<FollowUp> all = pending.all();
        List<FollowUp> due = times.due(all);
        if (due.isEmpty()) {
            return;
        }
        List<String> needed = EvidenceGatherer.nodesToAsk(snapshot);
        Map<FollowUp, Set<String>> asked = new LinkedHashMap<>();
        due.forEach(followUp -> asked.put(followUp, nodesOf(followUp, needed)));
        Instant at = clock.instant();
        long nanos = nanoTime.getAsLong();
        Map<String, NodeAnswer<ShadowCopies>> answers = lists.of(
                asked.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(LinkedHashSet::new)));
        if (Thread.currentThread().isInterrupted()) {
            return; // The agent is stopping and the next run asks: missing answers say nothing about the nodes.
        }
        try {
            all.forEach(followUp ->
                    findings.judge(followUp, answers, snapshot, Duration.ofNanos(nanos - followUp.clearedNanos())));
            asked.forEach((followUp, nodes) -> {
                Set<String> answered = new TreeSet<>(nodes);
                answered.removeIf(node -> !hasAnswered(answers.get(node)));
                Set<String> silent = new TreeSet<>(nodes);
                silent.removeAll(answered);
                asked(followUp, new FollowUp.Asked(at, nanos, answered, silent), guard.takenForDead(snapshot, at));
            });
        } finally {
            saveNow.run();
        }
    }

    /** The pause between two calls of {@link #followUp}; waits while there is nothing to do. */
    void pause() throws InterruptedException {
        pending.pause(LOOKS_EVERY);
    }

    /** Ends the pauses. */
    void endPauses() {
        pending.close();
    }

    private static boolean hasAnswered(@Nullable NodeAnswer<ShadowCopies> answer) {
        return answer != null && answer.value() != null;
    }

    private Set<String> nodesOf(FollowUp followUp, List<String> needed) {
        FollowUp.Asked first = followUp.first();
        Set<String> nodes = new LinkedHashSet<>(needed);
        if (first != null) {
            nodes.removeIf(node -> first.answered().contains(node)
                    && (pending.isSuspect(followUp.auditId()) || !vssOfOthers.mayHaveRunSince(first.nanos(), node)));
        }
        return nodes;
    }

    private void asked(FollowUp followUp, FollowUp.Asked now, Set<String> dead) {
        FollowUp.Asked first = followUp.first();
        if (first == null) {
            pending.askedFirst(followUp, now);
            return;
        }
        Set<String> silent = new TreeSet<>(first.silent());
        silent.addAll(now.silent());
        silent.removeAll(now.answered());
        silent.removeAll(dead);
        if (silent.isEmpty() && !(first.answered().isEmpty() && now.answered().isEmpty())) {
            pending.end(followUp);
        } else {
            findings.unchecked(followUp, silent);
        }
    }

    /** When nodes will be asked, which starts their VSS service, in order. Without second queries that may not be needed. */
    List<Instant> planned() {
        return pending.isEmpty()
                ? List.of()
                : times.planned(pending.all(), EvidenceGatherer.nodesToAsk(volumes.snapshot()));
    }

    /** The same if a clear ended now. */
    List<Instant> plannedWithAClear() {
        return Stream.concat(planned().stream(), Stream.of(clock.instant().plus(times.quietTime())))
                .sorted()
                .toList();
    }

    /** The GUID names of the volumes with a pending follow-up. */
    Set<String> volumes() {
        Set<String> names = new HashSet<>();
        pending.all().forEach(followUp -> names.add(followUp.guidName()));
        return names;
    }

    boolean hasFollowUps() {
        return !pending.isEmpty();
    }

    List<StateLine> saveState() {
        return ClearStateLines.writeFollowUps(pending.all(), pending.judged());
    }

    /** @throws IllegalArgumentException if a line does not have the expected form */
    void restoreState(List<StateLine> lines) {
        pending.restoreState(ClearStateLines.readFollowUps(lines, this::nanosOf), ClearStateLines.readJudged(lines));
    }
}
