package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the polls on which nodes the VSS service may have run for somebody else. This agent's own questions start it; it then stops by itself
 * after some minutes without work. A poll without an answer counts as one that saw it run. Thread-safe.
 */
final class VssOfOthers {
    /** So long after a question of this agent the service may run because of it. */
    static final Duration OURS_FOR = Duration.ofMinutes(5);

    private final OwnQuestions questions;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * What the polls saw of one node.
     *
     * @param question this agent's last question; null if there was none since it started
     * @param stopped the service was seen stopped since that question
     * @param process the service's process, seen since that question; null if none was
     * @param othersRan when the service was last seen to run for somebody else, by {@link System#nanoTime}; null if it never was
     */
    private record Seen(
            OwnQuestions.@Nullable Last question,
            boolean stopped,
            @Nullable Long process,
            @Nullable Long othersRan) {}

    VssOfOthers(OwnQuestions questions, LongSupplier nanoTime) {
        this.questions = questions;
        this.nanoTime = nanoTime;
    }

    /** Takes in what a poll saw; to be called after each. */
    synchronized void polled(Snapshot snapshot) {
        long now = nanoTime.getAsLong();
        long begun = now - snapshot.lastPollDuration().toNanos();
        for (Node node : snapshot.nodes()) {
            NodeWatch watch = snapshot.nodeWatches().get(node.name());
            ServiceStatus vss = watch == null ? null : watch.vss().status();
            seen.put(node.name(), next(sinceLastQuestion(node.name()), vss, begun, now));
        }
    }

    private Seen sinceLastQuestion(String node) {
        OwnQuestions.Last question = questions.to(node);
        Seen before = seen.get(node);
        return before != null && Objects.equals(before.question(), question)
                ? before
                : new Seen(question, false, null, before == null ? null : before.othersRan());
    }

    private static Seen next(Seen before, @Nullable ServiceStatus vss, long begun, long now) {
        OwnQuestions.Last question = before.question();
        if (question != null && (question.isUnderWay() || question.endedNanos() - begun > 0)) {
            return before; // nobody can say whether the poll saw the service before or after the question
        }
        if (vss != null && vss.isStopped()) {
            return new Seen(question, true, before.process(), before.othersRan());
        }
        Long process = vss == null ? null : vss.processId();
        boolean others = question == null
                || before.stopped()
                || now - question.endedNanos() >= OURS_FOR.toNanos()
                || (before.process() != null
                        && process != null
                        && !before.process().equals(process));
        return new Seen(
                question,
                before.stopped(),
                process == null ? before.process() : process,
                others ? Long.valueOf(now) : before.othersRan());
    }

    /**
     * False if the service was seen stopped since this agent's last question to the node, and was not seen to run for somebody else since then.
     *
     * @param nanos since when, by {@link System#nanoTime}
     */
    synchronized boolean mayHaveRunSince(long nanos, String node) {
        Seen now = sinceLastQuestion(node);
        return !now.stopped() || (now.othersRan() != null && now.othersRan() - nanos >= 0);
    }
}
