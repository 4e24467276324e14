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
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Gathers evidence about one volume and lets the guard assess it. Thread-safe. */
final class EvidenceGatherer {
    /** As for polls: more frequent queries would prevent the VSS service from stopping. */
    private static final Duration LISTS_HOLD_FOR = Duration.ofMinutes(15);

    private final NodeEvidence evidence;
    private final Guard guard;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<String, Listed> lastLists = new ConcurrentHashMap<>();

    /** A list of shadow copies, and the process of the VSS service that it came from. */
    private record Listed(NodeAnswer<ShadowCopies> answer, long process) {}

    /**
     * An assessment and its evidence.
     *
     * @param shadowCopies the lists of shadow copies, by node
     * @param askedAt when the nodes were asked for them
     * @param askedNanos the same by {@link System#nanoTime}: the moment before the first node was asked
     * @param vssAfter the VSS services of the nodes that gave a list, read right after it; empty except for the last check before a clear
     */
    record Finding(
            Assessment assessment,
            Map<String, NodeAnswer<ShadowCopies>> shadowCopies,
            Instant askedAt,
            long askedNanos,
            Map<String, NodeAnswer<ServiceStatus>> vssAfter) {}

    EvidenceGatherer(NodeEvidence evidence, Guard guard, Clock clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.evidence = evidence;
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * Asks only nodes whose VSS service runs anyway, and only if the state is set. Skips nodes whose same VSS process said within fifteen minutes
     * that nothing prevents a clear: another query would keep the service running, and the running service prevents the clear.
     */
    Finding assess(Snapshot snapshot, WatchedVolume volume) {
        return ask(snapshot, volume, true);
    }

    /** Asks all nodes whose VSS service runs anyway, if the state is set. */
    Finding assessAgain(Snapshot snapshot, WatchedVolume volume) {
        return ask(snapshot, volume, false);
    }

    /** Asks no node: uses the polls only. */
    Assessment assessKnown(Snapshot snapshot, WatchedVolume volume) {
        return guard.assess(snapshot, volume, clock.instant());
    }

    private Finding ask(Snapshot snapshot, WatchedVolume volume, boolean sparing) {
        Instant now = clock.instant();
        List<String> nodes = new ArrayList<>();
        if (!volume.volume().backupState().isNone()) {
            for (Node node : snapshot.nodes()) {
                Long process = runningVss(snapshot, node.name());
                if (process != null && !(sparing && spares(snapshot, volume, node, process, now))) {
                    nodes.add(node.name());
                }
            }
        }
        long nanos = nanoTime.getAsLong();
        Map<String, NodeAnswer<ShadowCopies>> lists = asked(snapshot, nodes);
        return new Finding(judge(snapshot, volume, lists), lists, now, nanos, Map.of());
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
        Listed earlier = lastLists.get(node.name());
        if (earlier == null || process == 0 || process != earlier.process()) {
            return false;
        }
        Duration age = Duration.between(earlier.answer().at(), now);
        return !age.isNegative()
                && age.compareTo(LISTS_HOLD_FOR) < 0
                && ShadowCopyChecks.isNothingInTheWay(snapshot, volume, node, earlier.answer());
    }

    private Map<String, NodeAnswer<ShadowCopies>> asked(Snapshot snapshot, List<String> nodes) {
        Map<String, NodeAnswer<ShadowCopies>> answers = evidence.shadowCopies(nodes);
        answers.forEach((node, answer) -> {
            Long process = runningVss(snapshot, node);
            if (answer.value() != null && process != null) {
                lastLists.put(node, new Listed(answer, process));
            }
        });
        return answers;
    }

    /** Asks every node that is not proven down for shadow copies, which starts its VSS service, and then for that service. */
    Finding assessLast(Snapshot snapshot, WatchedVolume volume) {
        Instant now = clock.instant();
        long nanos = nanoTime.getAsLong();
        Map<String, NodeAnswer<ShadowCopies>> lists = ask(snapshot);
        List<String> told = lists.entrySet().stream()
                .filter(list -> list.getValue().value() != null)
                .map(Map.Entry::getKey)
                .toList();
        return new Finding(judge(snapshot, volume, lists), lists, now, nanos, evidence.vss(told));
    }

    /** The shadow copies of every node that is not proven down. Starts the VSS service there. */
    Map<String, NodeAnswer<ShadowCopies>> ask(Snapshot snapshot) {
        return asked(snapshot, nodesToAsk(snapshot));
    }

    /** The nodes that need evidence: all that are not proven down. */
    static List<String> nodesToAsk(Snapshot snapshot) {
        return snapshot.nodes().stream()
                .filter(node -> !node.isProvenDown())
                .map(Node::name)
                .toList();
    }

    private Assessment judge(Snapshot snapshot, WatchedVolume volume, Map<String, NodeAnswer<ShadowCopies>> lists) {
        return guard.assess(snapshot, volume, lists, clock.instant());
    }
}
