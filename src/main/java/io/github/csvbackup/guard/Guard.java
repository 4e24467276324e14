package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a volume's backup state may be cleared. Pure: it knows only its arguments. Missing evidence counts as <em>a backup may
 * be running</em>.
 */
public final class Guard {
    private final WatchSettings settings;
    private final Times times;
    private final Predicate<Check> switchedOff;

    /** A guard that writes times in UTC. */
    public Guard(WatchSettings settings) {
        this(settings, Times.UTC);
    }

    /** @param times for its messages */
    public Guard(WatchSettings settings, Times times) {
        this(settings, times, check -> false);
    }

    /**
     * A guard with a planted bug, for tests that prove that they would find it.
     *
     * @param switchedOff checks that count as passed, whatever they found
     */
    Guard(WatchSettings settings, Times times, Predicate<Check> switchedOff) {
        this.settings = settings;
        this.times = times;
        this.switchedOff = switchedOff;
    }

    /** How its messages write times; for other messages about the same volumes. */
    public Times times() {
        return times;
    }

    /** Assesses a volume from the polls alone. */
    public Assessment assess(Snapshot snapshot, WatchedVolume volume, Instant now) {
        return assess(snapshot, volume, Map.of(), now);
    }

    /** The verdict at the time of the snapshot, for metrics and lists. */
    public Verdict verdict(Snapshot snapshot, WatchedVolume volume) {
        Assessment assessment = atLastPoll(snapshot, volume);
        return assessment == null ? Verdict.IDLE : assessment.verdict();
    }

    /** The assessment at the time of the snapshot, for lists. Null if the volume is idle: most are, and no other check could change that. */
    public @Nullable Assessment atLastPoll(Snapshot snapshot, WatchedVolume volume) {
        Instant at = snapshot.lastPoll() == null ? snapshot.startTime() : snapshot.lastPoll();
        return new VolumeChecks(settings, times, snapshot, volume, at).isIdle() ? null : assess(snapshot, volume, at);
    }

    /** As the other, where this agent has started no VSS service since the last poll. */
    Assessment assess(
            Snapshot snapshot, WatchedVolume volume, Map<String, NodeAnswer<ShadowCopies>> fresh, Instant now) {
        return assess(snapshot, volume, fresh, Map.of(), now);
    }

    /**
     * Assesses a volume.
     *
     * @param fresh the answers to queries for shadow copies made just now, by node
     * @param started why the VSS service ran before the query, where no poll has seen yet that this agent had started it, by node
     */
    public Assessment assess(
            Snapshot snapshot,
            WatchedVolume volume,
            Map<String, NodeAnswer<ShadowCopies>> fresh,
            Map<String, OwnStart> started,
            Instant now) {
        VolumeChecks volumeChecks = new VolumeChecks(settings, times, snapshot, volume, now);
        List<Check> checks = new ArrayList<>(volumeChecks.all());
        boolean watched = !volume.volume().backupState().isNone();
        NodeChecks nodeChecks = new NodeChecks(settings, times, snapshot, now);
        ServiceChecks serviceChecks = new ServiceChecks(settings, times, watched, now);
        ShadowCopyChecks shadowCopyChecks = new ShadowCopyChecks(times, snapshot, volume, now);
        if (snapshot.nodes().isEmpty()) {
            checks.add(nodeChecks.noneKnown());
        }
        for (Node node : snapshot.nodes()) {
            checks.add(nodeChecks.accounted(node));
            if (!node.isProvenDown()) {
                NodeWatch watch = snapshot.nodeWatches().getOrDefault(node.name(), NodeWatch.unseen(node.name()));
                boolean dead = nodeChecks.isDeadByOldRule(node);
                checks.add(serviceChecks.vssStopped(watch, fresh.get(node.name()), started.get(node.name()), dead));
                checks.add(serviceChecks.softwareProviderStopped(watch, dead));
                checks.add(shadowCopyChecks.of(node, watch, fresh.get(node.name()), dead));
            }
        }
        List<MachineBackup> machines = snapshot.machineBackups(volume.volume().key());
        if (!machines.isEmpty()) {
            checks.addAll(new MachineChecks(times, snapshot.localNode(), now).of(machines));
        }
        checks.replaceAll(check -> switchedOff.test(check) ? check.passed() : check);
        Verdict verdict = verdict(checks);
        Instant earliest = afterLists(snapshot.plannedLists(), now, earliestClear(verdict, checks, now));
        NextStep.Advice advice =
                new NextStep(settings, times, snapshot.nodes().size(), now).of(verdict, checks, earliest);
        return new Assessment(volume.volume(), verdict, checks, advice.reason(), advice.whole(), earliest, now);
    }

    private static @Nullable Instant earliestClear(Verdict verdict, List<Check> checks, Instant now) {
        if (verdict == Verdict.IDLE) {
            return null;
        }
        Instant latest = now;
        for (Check check : checks) {
            Instant passes = check.passesAt();
            if (check.prevents() && passes == null) {
                return null;
            }
            if (check.prevents() && passes != null && passes.isAfter(latest)) {
                latest = passes;
            }
        }
        return latest;
    }

    /** What is not clearable yet also waits for the VSS services that the lists start that are planned before that. */
    private @Nullable Instant afterLists(List<Instant> planned, Instant now, @Nullable Instant estimate) {
        Instant latest = estimate;
        for (Instant list : planned) {
            // One that is overdue comes at any moment.
            Instant at = list.isBefore(now) ? now : list;
            if (latest != null && at.isBefore(latest) && latest.isBefore(afterAQuestion(at))) {
                latest = afterAQuestion(at);
            }
        }
        return latest;
    }

    /**
     * The nodes that count as dead by {@link NodeChecks#isDeadByOldRule}. They are asked too, but are not expected to answer.
     */
    public Set<String> takenForDead(Snapshot snapshot, Instant now) {
        NodeChecks checks = new NodeChecks(settings, times, snapshot, now);
        return snapshot.nodes().stream()
                .filter(checks::isDeadByOldRule)
                .map(Node::name)
                .collect(Collectors.toSet());
    }

    /**
     * What a poll after an assessment has found that prevents the clear; empty if nothing, or if the state has ended.
     *
     * @param assessed the lists of shadow copies of the assessment, by node: what an older list of such a node showed does not count
     * @param overridden only a running backup prevents it
     */
    public Optional<String> objection(
            Snapshot snapshot,
            WatchedVolume volume,
            Map<String, NodeAnswer<ShadowCopies>> assessed,
            Instant now,
            boolean overridden) {
        Set<String> ofPolls = new HashSet<>();
        for (Check check : new VolumeChecks(settings, times, snapshot, volume, now).all()) {
            ofPolls.add(check.name());
        }
        for (MachineBackup backup : snapshot.machineBackups(volume.volume().key())) {
            ofPolls.add(MachineChecks.name(backup));
        }
        return assess(snapshot, volume, now).checks().stream()
                .filter(check -> (check.result() == CheckResult.BACKUP && !isOfAnOlderList(check, assessed))
                        || (!overridden
                                && check.prevents()
                                && check.result() != CheckResult.NOT_SET
                                && ofPolls.contains(check.name())))
                .map(Check::seen)
                .findFirst();
    }

    private static boolean isOfAnOlderList(Check found, Map<String, NodeAnswer<ShadowCopies>> assessed) {
        Instant at = found.at();
        return at != null
                && assessed.entrySet().stream()
                        .anyMatch(list -> ShadowCopyChecks.name(list.getKey()).equals(found.name())
                                && list.getValue().value() != null
                                && !at.isAfter(list.getValue().at()));
    }

    private Instant afterAQuestion(Instant asked) {
        return OwnStart.stopsBy(asked).plus(settings.quietTime());
    }

    /**
     * An estimate of when a volume may be clearable again after this agent has asked the nodes for their shadow copies.
     *
     * @param planned when it will ask again, in order
     */
    public Instant afterAQuestion(Instant asked, List<Instant> planned) {
        Instant next = afterAQuestion(asked);
        Instant later = afterLists(planned, asked, next);
        return later == null ? next : later;
    }

    /**
     * A sentence about VSS services that this agent has started.
     *
     * @param nodes where it was stopped right before the query; not empty
     * @param inCluster how many nodes the cluster has
     * @param asked when the agent asked
     * @param isOutlived it still runs although it should have stopped
     */
    public String startedByAgent(List<String> nodes, int inCluster, Instant asked, boolean isOutlived, Instant now) {
        return new ServiceChecks(settings, times, true, now)
                        .startedByAgent(
                                NodeNames.of(nodes, inCluster), nodes.size() == 1 ? "its" : "their", asked, isOutlived)
                + ".";
    }

    /** A clause about the VSS service of one node, which this agent has started. */
    public String agentListed(String node, Instant asked, Instant now) {
        return new ServiceChecks(settings, times, true, now).agentListed(node, "its", asked);
    }

    /** The estimate of a clear, as a sentence. */
    public String estimate(Instant now, Instant earliestClear) {
        return NextStep.estimate(times, now, earliestClear);
    }

    /** The same assessment of a volume that becomes clearable later than it was estimated, because VSS has been started since. */
    public Assessment notBefore(Instant next, Assessment made, Snapshot snapshot) {
        Instant own = made.earliestClear();
        if (own == null || !own.isBefore(next)) {
            return made;
        }
        NextStep.Advice advice = new NextStep(settings, times, snapshot.nodes().size(), made.at())
                .of(made.verdict(), made.checks(), next);
        return new Assessment(
                made.volume(), made.verdict(), made.checks(), advice.reason(), advice.whole(), next, made.at());
    }

    /** The highest result decides; see the order of {@link CheckResult}. */
    static Verdict verdict(List<Check> checks) {
        CheckResult worst = CheckResult.PASSED;
        for (Check check : checks) {
            if (check.result().compareTo(worst) > 0) {
                worst = check.result();
            }
        }
        return switch (worst) {
            case NOT_SET -> Verdict.IDLE;
            case BACKUP -> Verdict.ACTIVE;
            case UNKNOWN -> Verdict.UNPROVEN;
            case RECENT -> Verdict.RECENT;
            case PASSED, DEFERRED -> Verdict.CLEARABLE;
        };
    }
}
