package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the VSS service of each node is still the process that listed the shadow copies. Listing started it or reset its idle time,
 * so it must be running; with another process, or none, the list may be outdated.
 */
final class SameVssProcess {
    private SameVssProcess() {}

    /**
     * Asks the nodes again.
     *
     * @param before the nodes' services right after their lists
     * @param overridden the caller overrides missing evidence: only nodes whose process is known are compared
     * @return why the clear must stop, as a sentence; empty if it may go on
     */
    static Optional<String> objection(
            NodeEvidence evidence, Map<String, NodeAnswer<ServiceStatus>> before, boolean overridden) {
        List<String> compared = new ArrayList<>();
        for (Map.Entry<String, NodeAnswer<ServiceStatus>> node : before.entrySet()) {
            if (process(node.getValue()) != null) {
                compared.add(node.getKey());
            } else if (!overridden) {
                return Optional.of("the VSS service on " + node.getKey() + " was " + words(node.getValue())
                        + " right after its shadow copies were listed, so a backup may have begun since."
                        + " Try again.");
            }
        }
        Map<String, NodeAnswer<ServiceStatus>> now = evidence.vss(compared);
        for (String node : compared) {
            Long process = process(before.get(node));
            if (process == null || !process.equals(process(now.get(node)))) {
                return Optional.of("the VSS service on " + node + " was " + words(before.get(node))
                        + " when its shadow copies were listed and is " + words(now.get(node))
                        + " now: a backup may have begun in between. Assess the volume again.");
            }
        }
        return Optional.empty();
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
