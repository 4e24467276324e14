package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the VSS service of each node is still the process that listed the shadow copies. Listing started it or reset its idle time,
 * so it must be running; with another process, or none, the list may be outdated.
 */
final class SameVssProcess {
    private SameVssProcess() {}

    /**
     * Why the clear must stop.
     *
     * @param why a sentence
     * @param nodes where the service is not known to be the same process any more
     */
    record Objection(String why, Set<String> nodes) {}

    /**
     * Asks the nodes again.
     *
     * @param before the nodes' services right after their lists
     * @param started the nodes whose service this agent has started
     * @param overridden the caller overrides missing evidence: only nodes whose process is known are compared
     * @return empty if the clear may go on
     */
    static Optional<Objection> objection(
            NodeEvidence evidence,
            Map<String, NodeAnswer<ServiceStatus>> before,
            StartedVss started,
            boolean overridden) {
        List<String> compared = new ArrayList<>();
        for (Map.Entry<String, NodeAnswer<ServiceStatus>> node : before.entrySet()) {
            if (process(node.getValue()) != null) {
                compared.add(node.getKey());
            } else if (!overridden) {
                String why = "the VSS service on " + node.getKey() + " was " + words(node.getValue())
                        + " right after its shadow copies were listed, so a backup may have begun since. Try again.";
                return Optional.of(new Objection(why, Set.of()));
            }
        }
        Map<String, NodeAnswer<ServiceStatus>> now = evidence.vss(compared);
        Set<String> changed = new LinkedHashSet<>();
        for (String node : compared) {
            Long process = process(before.get(node));
            if (process == null || !process.equals(process(now.get(node)))) {
                changed.add(node);
            }
        }
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        String first = changed.iterator().next();
        String byAgent = started.clause(first);
        String why = (byAgent == null ? "the VSS service on " + first + " was " : byAgent + ", was ")
                + words(before.get(first))
                + (byAgent == null ? " when its shadow copies were listed" : " then")
                + " and is " + words(now.get(first))
                + " now: a backup may have begun in between. Assess the volume again.";
        return Optional.of(new Objection(why, changed));
    }

    /** Null if the service is not running or its process is unknown: two unknown processes never match. */
    private static @Nullable Long process(@Nullable NodeAnswer<ServiceStatus> answer) {
        ServiceStatus status = answer == null ? null : answer.value();
        return status == null || status.state() != ServiceStatus.RUNNING ? null : status.processId();
    }

    private static String words(@Nullable NodeAnswer<ServiceStatus> answer) {
        ServiceStatus status = answer == null ? null : answer.value();
        if (status == null) {
            Problem problem = answer == null ? null : answer.problem();
            return "not readable" + (problem == null ? "" : " (" + problem.message() + ")");
        }
        return status.stateName()
                + (status.isStopped()
                        ? ""
                        : status.processId() == null ? " in an unknown process" : " as process " + status.processId());
    }
}
