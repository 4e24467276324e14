package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.ShadowCopyChecks;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Gathers evidence about volumes and lets the guard assess them. Thread-safe. */
final class EvidenceGatherer {
    /** As for polls: more frequent queries would prevent the VSS service from stopping. */
    private static final Duration LISTS_HOLD_FOR = Duration.ofMinutes(15);

    private final NodeEvidence evidence;
    private final Guard guard;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<String, OwnVss.Look> looks = new ConcurrentHashMap<>();
    private final Map<String, Listed> lastLists = new ConcurrentHashMap<>();

    /** A list of shadow copies, and the process of the VSS service that it came from. */
    private record Listed(NodeAnswer<ShadowCopies> answer, long process) {}

    /**
     * The answers of the nodes, which are asked once for any number of volumes.
     *
     * @param shadowCopies the lists of shadow copies of all volumes, by node
     * @param askedNanos by {@link System#nanoTime}: the moment before the first node was asked
     * @param vssAfter the VSS services of the nodes that gave a list, read right after it; empty except for the last round before a clear
     */
    record Round(
            Map<String, NodeAnswer<ShadowCopies>> shadowCopies,
            long askedNanos,
            Map<String, NodeAnswer<ServiceStatus>> vssAfter) {}

    EvidenceGatherer(NodeEvidence evidence, Guard guard, Clock clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.evidence = evidence;
        this.guard = guard;
        this.clock = clock;
    }

    /** Assesses a volume after a {@link #sparingRound} for it alone. */
    Assessment assess(Snapshot snapshot, WatchedVolume volume) {
        return assess(snapshot, volume, sparingRound(snapshot, List.of(volume)));
    }

    /** Assesses a volume by the answers of a round. */
    Assessment assess(Snapshot snapshot, WatchedVolume volume, Round round) {
        Map<String, OwnStart> started = ownVss().sinceTheLastPoll(snapshot, round);
        return guard.assess(snapshot, volume, round.shadowCopies(), started, clock.instant());
    }

    /** Asks no node: uses the polls only. */
    Assessment assessKnown(Snapshot snapshot, WatchedVolume volume) {
        return guard.assess(snapshot, volume, clock.instant());
    }

    /**
     * Asks only nodes whose VSS service runs anyway, and only if the state of a volume is set. Skips nodes whose same VSS process said within
     * fifteen minutes that nothing prevents a clear: another query would keep the service running, and the running service prevents the clear.
     */
    Round sparingRound(Snapshot snapshot, List<WatchedVolume> volumes) {
        return roundWhereVssRuns(snapshot, volumes, true);
    }

    /** Asks all nodes whose VSS service runs anyway, if the state of a volume is set. */
    Round repeatedRound(Snapshot snapshot, List<WatchedVolume> volumes) {
        return roundWhereVssRuns(snapshot, volumes, false);
    }

    private Round roundWhereVssRuns(Snapshot snapshot, List<WatchedVolume> volumes, boolean sparing) {
        Instant now = clock.instant();
        List<WatchedVolume> set = volumes.stream()
                .filter(volume -> !volume.volume().backupState().isNone())
                .toList();
        List<String> nodes = new ArrayList<>();
        for (Node node : snapshot.nodes()) {
            // The agent of another node lists for the last round of a clear, and for polls on the owner of a volume.
            Long process = evidence.asksAgentOf(node.name()) ? null : runningVss(snapshot, node.name());
            if (process != null
                    && set.stream().anyMatch(volume -> !sparing || !spares(snapshot, volume, node, process, now))) {
                nodes.add(node.name());
            }
        }
        long nanos = nanoTime.getAsLong();
        return new Round(asked(snapshot, nodes), nanos, Map.of());
    }

    /** Asks every node that is not proven down for shadow copies, which starts its VSS service, and then for that service. */
    Round lastRound(Snapshot snapshot) {
        long nanos = nanoTime.getAsLong();
        NodeEvidence.Lists lists = evidence.listsAndVss(nodesToAsk(snapshot));
        remember(snapshot, lists.shadowCopies());
        return new Round(lists.shadowCopies(), nanos, lists.vssAfter());
    }

    /**
     * What polls have seen since the assessment that prevents the clear, as a sentence without a full stop: another backup may have begun. Asks
     * no node. Whether VSS runs does not count, because the last round has started it.
     *
     * @param round the lists on which the assessment was made
     * @param newest the snapshot of the last poll
     * @param overridden somebody overrides missing evidence: only a running backup counts
     */
    Optional<String> changedSince(Assessment assessment, Round round, Snapshot newest, boolean overridden) {
        Optional<WatchedVolume> watched = newest.volume(assessment.volume().key());
        return watched.isEmpty() && !overridden
                ? Optional.of("the cluster no longer lists it")
                : watched.flatMap(
                        found -> guard.objection(newest, found, round.shadowCopies(), clock.instant(), overridden));
    }

    /** What is known of the round after a {@link #lastRound}. */
    LaterRound later(Round last, Snapshot snapshot, AfterClear afterClear) {
        StartedVss started = ownVss().seen(last, snapshot);
        return new LaterRound(guard, clock, snapshot, started.sentences(), startedVss(snapshot), afterClear);
    }

    /** Where VSS runs because this agent asked, by what was seen last. Asks no node. */
    StartedVss startedVss(Snapshot snapshot) {
        return ownVss().now(snapshot);
    }

    private OwnVss ownVss() {
        return new OwnVss(evidence.questions(), guard, clock, looks);
    }

    /** The process of a node's VSS service if it runs, 0 if the process is unknown; null if it does not run. */
    private static @Nullable Long runningVss(Snapshot snapshot, String node) {
        NodeWatch watch = snapshot.nodeWatches().get(node);
        ServiceStatus vss = watch == null ? null : watch.vss().status();
        if (vss == null || vss.state() != ServiceStatus.RUNNING) {
            return null;
        }
        return vss.processId() == null ? Long.valueOf(0) : vss.processId();
    }

    private boolean spares(Snapshot snapshot, WatchedVolume volume, Node node, long process, Instant now) {
        NodeAnswer<ShadowCopies> earlier = listOfThisProcess(snapshot, node.name(), process);
        Instant since = volume.since();
        if (earlier == null || (since != null && earlier.at().isBefore(since))) {
            return false;
        }
        Duration age = Duration.between(earlier.at(), now);
        return !age.isNegative()
                && age.compareTo(LISTS_HOLD_FOR) < 0
                && ShadowCopyChecks.isNothingInTheWay(snapshot, volume, node, earlier);
    }

    /** Null if the service may not be the same process any more. */
    private @Nullable NodeAnswer<ShadowCopies> listOfThisProcess(Snapshot snapshot, String node, long process) {
        Listed listed = lastLists.get(node);
        if (listed != null && process != 0 && process == listed.process()) {
            return listed.answer();
        }
        NodeWatch watch = snapshot.nodeWatches().get(node);
        OwnStart ours = watch == null ? null : watch.ownStart();
        return ours != null && !ours.isOutlived() ? evidence.lastShadowCopies(node) : null;
    }

    private Map<String, NodeAnswer<ShadowCopies>> asked(Snapshot snapshot, List<String> nodes) {
        Map<String, NodeAnswer<ShadowCopies>> answers = evidence.shadowCopies(nodes);
        remember(snapshot, answers);
        return answers;
    }

    private void remember(Snapshot snapshot, Map<String, NodeAnswer<ShadowCopies>> answers) {
        answers.forEach((node, answer) -> {
            Long process = runningVss(snapshot, node);
            if (answer.value() != null && process != null) {
                lastLists.put(node, new Listed(answer, process));
            }
        });
    }

    /** The shadow copies of every node that is not proven down and not left to its agent. Starts the VSS service there. */
    Map<String, NodeAnswer<ShadowCopies>> ask(Snapshot snapshot) {
        List<String> nodes = nodesToAsk(snapshot);
        return asked(
                snapshot,
                nodes.stream().filter(node -> !evidence.asksAgentOf(node)).toList());
    }

    /** The last lists of the other nodes, whose agents only a clear asks: several agents that list for readers would keep VSS running. Asks no node. */
    Map<String, NodeAnswer<ShadowCopies>> leftToAgents(Snapshot snapshot) {
        Map<String, NodeAnswer<ShadowCopies>> lists = new LinkedHashMap<>();
        for (String node : nodesToAsk(snapshot)) {
            if (evidence.asksAgentOf(node)) {
                NodeAnswer<ShadowCopies> last = evidence.lastShadowCopies(node);
                lists.put(node, last != null && last.value() != null ? last : notAsked(node));
            }
        }
        return lists;
    }

    private NodeAnswer<ShadowCopies> notAsked(String node) {
        return NodeAnswer.none(
                clock.instant(),
                new Problem(
                        node + " was not asked for its shadow copies",
                        "Ask the agent on " + node + ", which lists them; a clear asks it, too."));
    }

    /** The nodes that need evidence: all that are not proven down. */
    static List<String> nodesToAsk(Snapshot snapshot) {
        return snapshot.nodes().stream()
                .filter(node -> !node.isProvenDown())
                .map(Node::name)
                .toList();
    }
}
