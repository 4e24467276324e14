package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeEvidence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks nodes for their shadow copies again and again, each for itself: one that is slow or hangs holds up no other. Used by one thread at a
 * time.
 */
final class NodeQuestions {
    private final NodeEvidence evidence;
    private final Clock clock;
    private final Duration every;
    private final Duration patience;
    private final Map<String, Instant> askedLast = new TreeMap<>();
    private final Map<String, Question> underWay = new LinkedHashMap<>();

    private record Question(BoundedCalls.Pending<Answer<ShadowCopies>> pending, Instant askedAt, long nanoTime) {}

    /** An answer, or that there is none; and when the node was asked. */
    record Told(Answer<ShadowCopies> answer, Instant askedAt) {}

    /**
     * @param every from question to question of a node
     * @param patience how long {@link #ask} waits for answers; later ones are told of the next time
     */
    NodeQuestions(NodeEvidence evidence, Clock clock, Duration every, Duration patience) {
        this.evidence = evidence;
        this.clock = clock;
        this.every = every;
        this.patience = patience;
    }

    /**
     * Asks those of the nodes that are not being asked and whose time it is; what has been answered by now, by node.
     *
     * @param since questions that were asked before, by {@link System#nanoTime}, come to nothing
     */
    Map<String, Told> ask(Collection<String> nodes, long since) {
        underWay.values().removeIf(question -> question.nanoTime() - since < 0);
        for (String node : nodes) {
            Instant now = clock.instant();
            if (!underWay.containsKey(node) && isDue(node, now)) {
                askedLast.put(node, now);
                underWay.put(node, new Question(evidence.beginShadowCopies(node), now, System.nanoTime()));
            }
        }
        Map<String, Told> told = new LinkedHashMap<>();
        long patienceEnds = System.nanoTime() + patience.toNanos();
        underWay.forEach((node, question) -> {
            boolean ended = question.pending().endsWithin(Duration.ofNanos(patienceEnds - System.nanoTime()));
            long age = System.nanoTime() - question.nanoTime();
            if (ended || age > evidence.shadowCopyDeadline().toNanos()) {
                told.put(node, new Told(evidence.ended(question.pending()), question.askedAt()));
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
