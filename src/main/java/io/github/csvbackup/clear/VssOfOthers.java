package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from the polls on which nodes the VSS service may have run for another program. This agent's own queries start it; it then stops by
 * itself after some minutes without work. A poll without an answer counts as one that saw it running. Thread-safe.
 */
final class VssOfOthers {
    private final OwnQuestions questions;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * What the polls saw of one node.
     *
     * @param question this agent's last query; null if there was none since it started
     * @param stopped the service was seen stopped since that query
     * @param process the service's process, seen since that query; null if none was
     * @param othersRan when the service last ran for another program, by {@link System#nanoTime}; null if it never did
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

    /** Records the result of a poll; call it after each. */
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
            return before; // the poll may have seen the service before or after the query
        }
        if (vss != null && vss.isStopped()) {
            return new Seen(question, true, before.process(), before.othersRan());
        }
        Long process = vss == null ? null : vss.processId();
        boolean others = question == null
                || before.stopped()
                || now - question.endedNanos() >= OwnStart.STOPS_WITHIN.toNanos()
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
     * False if the service was seen stopped since this agent's last query to the node, and has not run for another program since then.
     *
     * @param nanos since when, by {@link System#nanoTime}
     */
    synchronized boolean mayHaveRunSince(long nanos, String node) {
        Seen now = sinceLastQuestion(node);
        return !now.stopped() || (now.othersRan() != null && now.othersRan() - nanos >= 0);
    }
}
