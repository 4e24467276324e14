package io.github.csvbackup.clear;

import io.github.csvbackup.guard.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nodes whose VSS service was seen stopped right before this agent asked them for shadow copies, and was seen running since.
 *
 * @param now when that was found out
 * @param inCluster how many nodes the cluster has
 */
record StartedVss(Guard guard, Instant now, int inCluster, Map<String, Start> nodes) {
    /** Queries of one round begin at about the same time. */
    private static final Duration ONE_ROUND = Duration.ofMinutes(1);

    /**
     * One node.
     *
     * @param asked when the agent asked it
     * @param isOutlived it was seen running after the time by which it should have stopped
     */
    record Start(Instant asked, boolean isOutlived) {
        private boolean isToldWith(Start first) {
            return isOutlived == first.isOutlived()
                    && !asked.isAfter(first.asked().plus(ONE_ROUND));
        }
    }

    /** Sentences; empty if there is no such node. */
    String sentences() {
        List<Map.Entry<String, Start>> left = new ArrayList<>(nodes.entrySet());
        List<String> told = new ArrayList<>();
        while (!left.isEmpty()) {
            Start first = left.stream()
                    .map(Map.Entry::getValue)
                    .min(Comparator.comparing(Start::asked))
                    .orElseThrow();
            List<String> together = left.stream()
                    .filter(node -> node.getValue().isToldWith(first))
                    .map(Map.Entry::getKey)
                    .toList();
            told.add(guard.startedByAgent(together, inCluster, first.asked(), first.isOutlived(), now));
            left.removeIf(node -> node.getValue().isToldWith(first));
        }
        return String.join(" ", told);
    }

    /** A clause about one node; null if it is none of these. */
    @Nullable
    String clause(String node) {
        Start start = nodes.get(node);
        return start == null ? null : guard.agentListed(node, start.asked(), now);
    }

    /** Those that are not known to have changed since. */
    StartedVss without(Set<String> changed) {
        Map<String, Start> same = new LinkedHashMap<>(nodes);
        same.keySet().removeAll(changed);
        return new StartedVss(guard, now, inCluster, same);
    }
}
