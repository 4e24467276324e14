package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.guard.ShadowCopyChecks;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gathers evidence about one volume and asks the guard. Thread-safe. */
final class Investigation {
    /** As the polls do: whoever asks more often keeps the VSS service from stopping. */
    private static final Duration LISTS_HOLD_FOR = Duration.ofMinutes(15);

    private final NodeEvidence evidence;
    private final Guard guard;
    private final Clock clock;
    private final Map<String, Listed> lastLists = new ConcurrentHashMap<>();

    /** A list of shadow copies, and the process of the VSS service that it came from. */
    private record Listed(Answer<ShadowCopies> answer, long process) {}

    /**
     * An assessment and what it rests on.
     *
     * @param shadowCopies the lists of shadow copies, by node
     * @param askedAt when the nodes were asked for those lists that are not of an earlier time
     */
    record Finding(Assessment assessment, Map<String, Answer<ShadowCopies>> shadowCopies, Instant askedAt) {}

    Investigation(NodeEvidence evidence, Guard guard, Clock clock) {
        this.evidence = evidence;
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * Asks only the nodes whose VSS service runs anyway, if the state is set at all; and of these not the ones which said lately, by the same
     * process of that service, that nothing is in the way of a clear: asking them again would keep the service running, and it is that which is.
     */
    Finding gentle(Snapshot snapshot, WatchedVolume volume) {
        Instant now = clock.instant();
        Map<String, Long> running = new LinkedHashMap<>();
        Map<String, Answer<ShadowCopies>> lists = new LinkedHashMap<>();
        if (!volume.volume().backupState().isNone()) {
            for (NodeWatch watch : snapshot.nodeWatches().values()) {
                ServiceStatus vss = watch.vss().status();
                if (vss != null && vss.state() == ServiceStatus.RUNNING) {
                    running.put(watch.node(), vss.processId());
                    Listed earlier = lastLists.get(watch.node());
                    if (earlier != null && holds(earlier, vss.processId(), now)) {
                        lists.put(watch.node(), earlier.answer());
                    }
                }
            }
        }
        Assessment byEarlierLists = guard.assess(snapshot, volume, lists, now);
        lists.keySet().removeIf(node -> isInTheWay(byEarlierLists, node));
        List<String> nodes = new ArrayList<>(running.keySet());
        nodes.removeAll(lists.keySet());
        evidence.shadowCopies(nodes).forEach((node, answer) -> {
            lists.put(node, answer);
            Long process = running.get(node);
            if (answer.value() != null && process != null) {
                lastLists.put(node, new Listed(answer, process));
            }
        });
        return judge(snapshot, volume, lists, now);
    }

    private static boolean holds(Listed earlier, @Nullable Long process, Instant now) {
        Duration age = Duration.between(earlier.answer().at(), now);
        return process != null
                && process == earlier.process()
                && !age.isNegative()
                && age.compareTo(LISTS_HOLD_FOR) < 0;
    }

    private static boolean isInTheWay(Assessment assessment, String node) {
        return assessment.checks().stream()
                .filter(check -> check.name().equals(ShadowCopyChecks.nameOf(node)))
                .anyMatch(check -> check.result() != CheckResult.PASSED && check.result() != CheckResult.DEFERRED);
    }

    /** Asks every node that needs evidence, which starts the VSS service there. */
    Finding thorough(Snapshot snapshot, WatchedVolume volume) {
        Instant now = clock.instant();
        return judge(snapshot, volume, ask(snapshot), now);
    }

    /** The shadow copies of every node that needs evidence. Starts the VSS service there. */
    Map<String, Answer<ShadowCopies>> ask(Snapshot snapshot) {
        return evidence.shadowCopies(nodesToAsk(snapshot));
    }

    /** The nodes that need evidence: all that are not proven to be down. */
    static List<String> nodesToAsk(Snapshot snapshot) {
        return snapshot.nodes().stream()
                .filter(node -> !node.isProvenDown())
                .map(Node::name)
                .toList();
    }

    private Finding judge(
            Snapshot snapshot, WatchedVolume volume, Map<String, Answer<ShadowCopies>> answers, Instant askedAt) {
        return new Finding(guard.assess(snapshot, volume, answers, clock.instant()), answers, askedAt);
    }
}
