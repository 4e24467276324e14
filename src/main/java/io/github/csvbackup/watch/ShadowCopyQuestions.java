package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks nodes for their shadow copies again and again, each for itself: one that is slow or hangs holds up no other, and nobody waits for an
 * answer longer than a moment. Used by one thread at a time.
 */
public final class ShadowCopyQuestions {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final NodeEvidence evidence;
    private final Clock clock;
    private final Duration every;
    private final Runnable answeredLater;
    private final Map<String, Instant> askedLast = new TreeMap<>();
    private final Map<String, Question> underWay = new LinkedHashMap<>();

    private record Question(BoundedCalls.Pending<NodeAnswer<ShadowCopies>> pending, Instant askedAt, long nanoTime) {}

    /** An answer, or that there is none; and when the node was asked. */
    public record Told(NodeAnswer<ShadowCopies> answer, Instant askedAt) {}

    /**
     * @param every from question to question of a node
     * @param answeredLater is run when an answer has come that {@link #ask} did not wait for, on any thread; must not block
     */
    public ShadowCopyQuestions(NodeEvidence evidence, Clock clock, Duration every, Runnable answeredLater) {
        this.evidence = evidence;
        this.clock = clock;
        this.every = every;
        this.answeredLater = answeredLater;
    }

    /** True while a question to the node has no answer yet. */
    boolean isUnderWay(String node) {
        return underWay.containsKey(node);
    }

    /** Lets questions come to nothing that were asked before then, by {@link System#nanoTime}. */
    public void dropAskedBefore(long nanoTime) {
        underWay.values().removeIf(question -> question.nanoTime() - nanoTime < 0);
    }

    /** Asks those of the nodes that are not being asked and whose time it is; what has been answered by now, by node. */
    public Map<String, Told> ask(Collection<String> nodes) {
        for (String node : nodes) {
            Instant now = clock.instant();
            if (!underWay.containsKey(node) && isDue(node, now)) {
                askedLast.put(node, now);
                underWay.put(node, new Question(evidence.beginShadowCopies(node), now, System.nanoTime()));
            }
        }
        Map<String, Told> told = new LinkedHashMap<>();
        long patienceEnds = System.nanoTime() + PATIENCE.toNanos();
        underWay.forEach((node, question) -> {
            boolean ended = question.pending().endsWithin(Duration.ofNanos(patienceEnds - System.nanoTime()));
            long age = System.nanoTime() - question.nanoTime();
            if (ended || age > evidence.shadowCopyDeadline().toNanos()) {
                told.put(node, new Told(evidence.ended(question.pending()), question.askedAt()));
            } else {
                question.pending().whenEnded(answeredLater);
            }
        });
        underWay.keySet().removeAll(told.keySet());
        return told;
    }

    /** A last question that is still to come was asked before the clock was set back. */
    private boolean isDue(String node, Instant now) {
        Instant last = askedLast.get(node);
        return last == null || now.isBefore(last) || !now.isBefore(last.plus(every));
    }
}
