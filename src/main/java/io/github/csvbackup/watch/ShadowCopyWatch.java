package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes whose VSS service runs anyway for their shadow copies, beside the polls: no poll waits for the answers longer than a moment,
 * since a long poll is a gap in what is seen of the states. Used by one thread at a time.
 */
final class ShadowCopyWatch {
    /** Asking keeps the VSS service running: a node is asked no more often than this. */
    private static final Duration EVERY = Duration.ofMinutes(15);

    private final ShadowCopyQuestions questions;
    /** The VSS service's process when the node was asked last. */
    private final Map<String, @Nullable Long> processes = new HashMap<>();

    /**
     * A list of shadow copies.
     *
     * @param process the VSS service's process before the question was asked; null if unknown
     */
    record Listed(NodeAnswer<ShadowCopies> answer, @Nullable Long process) {}

    /** @param answered is run when an answer has come, on any thread; must not block */
    ShadowCopyWatch(NodeEvidence evidence, Clock clock, Runnable answered) {
        this.questions = new ShadowCopyQuestions(evidence, clock, EVERY, answered);
    }

    /** Asks the nodes whose VSS service runs and that were not asked lately; what has been answered by now, by node. */
    Map<String, Listed> look(Map<String, NodeServices> services) {
        List<String> running = new ArrayList<>();
        services.forEach((node, answer) -> {
            ServiceStatus vss = answer.vss().value();
            if (vss != null && vss.state() == ServiceStatus.RUNNING && !questions.isUnderWay(node)) {
                running.add(node);
                processes.put(node, vss.processId());
            }
        });
        Map<String, Listed> listed = new LinkedHashMap<>();
        questions
                .ask(running)
                .forEach((node, told) -> listed.put(node, new Listed(told.answer(), processes.get(node))));
        return listed;
    }
}
