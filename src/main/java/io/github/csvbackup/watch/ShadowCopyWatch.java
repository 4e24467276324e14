package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes whose VSS service runs anyway for their shadow copies, beside the polls: no poll waits for the answers longer than a moment,
 * since a long poll is a gap in what is seen of the states. Used by one thread at a time.
 */
final class ShadowCopyWatch {
    /** Asking keeps the VSS service running: a node is asked no more often than this. */
    private static final Duration EVERY = Duration.ofMinutes(15);

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final NodeEvidence evidence;
    private final Clock clock;
    private final Runnable answered;
    private final Map<String, Instant> askedLast = new HashMap<>();
    private final Map<String, Question> underWay = new LinkedHashMap<>();

    /**
     * A question that has no answer yet.
     *
     * @param process the VSS service's process before it was asked; null if unknown
     * @param begun by {@link System#nanoTime}
     */
    private record Question(
            BoundedCalls.Pending<NodeAnswer<ShadowCopies>> pending,
            @Nullable Long process,
            long begun) {}

    /**
     * A list of shadow copies.
     *
     * @param process the VSS service's process before the question was asked; null if unknown
     */
    record Listed(NodeAnswer<ShadowCopies> answer, @Nullable Long process) {}

    /** @param answered is run when an answer has come that {@link #look} did not wait for, on any thread; must not block */
    ShadowCopyWatch(NodeEvidence evidence, Clock clock, Runnable answered) {
        this.evidence = evidence;
        this.clock = clock;
        this.answered = answered;
    }

    /** Asks the nodes whose VSS service runs and that were not asked lately; what has been answered by now, by node. */
    Map<String, Listed> look(Map<String, NodeServices> services) {
        services.forEach((node, answer) -> {
            ServiceStatus vss = answer.vss().value();
            if (vss != null && vss.state() == ServiceStatus.RUNNING && !underWay.containsKey(node) && isDue(node)) {
                askedLast.put(node, clock.instant());
                underWay.put(node, new Question(evidence.beginShadowCopies(node), vss.processId(), System.nanoTime()));
            }
        });
        Map<String, Listed> listed = new LinkedHashMap<>();
        long patienceEnds = System.nanoTime() + PATIENCE.toNanos();
        underWay.forEach((node, question) -> {
            boolean ended = question.pending().endsWithin(Duration.ofNanos(patienceEnds - System.nanoTime()));
            long age = System.nanoTime() - question.begun();
            if (ended || age > evidence.shadowCopyDeadline().toNanos()) {
                listed.put(node, new Listed(evidence.ended(question.pending()), question.process()));
            } else {
                question.pending().whenEnded(answered);
            }
        });
        underWay.keySet().removeAll(listed.keySet());
        return listed;
    }

    /** A last question that is still to come was asked before the clock was set back. */
    private boolean isDue(String node) {
        Instant now = clock.instant();
        Instant last = askedLast.get(node);
        return last == null || now.isBefore(last) || !now.isBefore(last.plus(EVERY));
    }
}
