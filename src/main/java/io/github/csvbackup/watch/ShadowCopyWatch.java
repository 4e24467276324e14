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
 * Asks nodes whose VSS service runs anyway for their shadow copies, in parallel with the polls: a poll waits for the answers only for a moment, because a
 * long poll is a gap in the observation. Used by one thread at a time.
 */
final class ShadowCopyWatch {
    /** Asking keeps the VSS service running, so each node is asked at most this often. */
    private static final Duration EVERY = Duration.ofMinutes(15);

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final NodeEvidence evidence;
    private final Clock clock;
    private final Runnable answered;
    private final Map<String, Instant> askedLast = new HashMap<>();
    private final Map<String, Question> underWay = new LinkedHashMap<>();

    /**
     * A query without an answer yet.
     *
     * @param process the VSS service's process before the query; null if unknown
     * @param begun by {@link System#nanoTime}
     */
    private record Question(
            BoundedCalls.Pending<NodeAnswer<ShadowCopies>> pending,
            @Nullable Long process,
            long begun) {}

    /**
     * A list of shadow copies.
     *
     * @param process the VSS service's process before the query; null if unknown
     */
    record Listed(NodeAnswer<ShadowCopies> answer, @Nullable Long process) {}

    /** @param answered runs on any thread when an answer has come that {@link #ask} did not wait for; must not block */
    ShadowCopyWatch(NodeEvidence evidence, Clock clock, Runnable answered) {
        this.evidence = evidence;
        this.clock = clock;
        this.answered = answered;
    }

    /** Starts a query on each node that is due and whose VSS service runs; returns the answers received so far, by node. */
    Map<String, Listed> ask(Map<String, NodeServices> services) {
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

    /** A last query in the future was made before the clock was set back. */
    private boolean isDue(String node) {
        Instant now = clock.instant();
        Instant last = askedLast.get(node);
        return last == null || now.isBefore(last) || !now.isBefore(last.plus(EVERY));
    }
}
