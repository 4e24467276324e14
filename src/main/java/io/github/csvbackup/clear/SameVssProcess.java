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
 * Is the VSS service of each node still the process that listed the shadow copies? The list started it or reset its idle time, so it runs now;
 * another process, or none, means that what was listed is not what is.
 */
final class SameVssProcess {
    private SameVssProcess() {}

    /**
     * Asks the nodes again.
     *
     * @param before what the nodes said right after their lists
     * @param overruled somebody overrules missing evidence: then only a node that said its process is compared
     * @return why the clear must not go on, a sentence; empty if nothing speaks against it
     */
    static Optional<String> objection(
            NodeEvidence evidence, Map<String, NodeAnswer<ServiceStatus>> before, boolean overruled) {
        List<String> compared = new ArrayList<>();
        for (Map.Entry<String, NodeAnswer<ServiceStatus>> node : before.entrySet()) {
            if (process(node.getValue()) != null) {
                compared.add(node.getKey());
            } else if (!overruled) {
                return Optional.of("the VSS service on " + node.getKey() + " was " + words(node.getValue())
                        + " right after its shadow copies were listed, so it cannot be seen whether a backup began since."
                        + " Ask again.");
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

    /** Null unless the service runs in a process whose number is known: two unknown ones are not the same. */
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
