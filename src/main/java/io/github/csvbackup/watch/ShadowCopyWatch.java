package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes whose VSS service runs anyway for their shadow copies, in parallel with the polls: a poll waits for the answers only for a moment, because a
 * long poll is a gap in the observation. Used by one thread at a time.
 */
final class ShadowCopyWatch {
    /** Asking keeps the VSS service running, so each node is asked at most this often, unless a backup keeps it running. */
    private static final Duration EVERY = Duration.ofMinutes(15);

    private static final Duration JUST_NOW = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final NodeEvidence evidence;
    private final Clock clock;
    private final Runnable answered;
    private final Map<String, Instant> askedLast = new HashMap<>();
    /** The nodes whose agents were asked too early, and after which time they list. */
    private final Map<String, Duration> againIn = new HashMap<>();
    /** The VSS service's process that the last list or query of a node belongs to, where it is known. */
    private final Map<String, VssProcess> processes = new HashMap<>();
    /** The time of the last list of a node that a poll returned. */
    private final Map<String, Instant> toldLast = new HashMap<>();

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

    /** @param at of the list, or of the query for it */
    private record VssProcess(long id, Instant at) {}

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

    /**
     * Starts a query on each node that is due and whose VSS service runs; returns new answers, also to queries of others in this agent, by node.
     *
     * @param mayAsk if false, starts no query: the agent of a volume's owner asks for all
     */
    Map<String, Listed> ask(Map<String, NodeServices> services, boolean mayAsk) {
        Map<String, Listed> listed = new LinkedHashMap<>();
        boolean asksAgents = services.keySet().stream().anyMatch(evidence::asksAgentOf);
        services.forEach((node, answer) -> {
            ServiceStatus vss = answer.vss().answer().value();
            if (vss == null || vss.state() != ServiceStatus.RUNNING) {
                return;
            }
            NodeAnswer<ShadowCopies> known = evidence.lastShadowCopies(node);
            if (known != null && known.value() != null && isNew(node, known)) {
                toldLast.put(node, known.at());
                belongsTo(node, vss.processId(), known.at());
                listed.put(node, new Listed(known, vss.processId()));
            }
            if (mayAsk && !underWay.containsKey(node) && isDue(node, vss.processId(), asksAgents)) {
                askedLast.put(node, clock.instant());
                belongsTo(node, vss.processId(), clock.instant());
                underWay.put(node, new Question(evidence.beginShadowCopies(node), vss.processId(), System.nanoTime()));
            }
        });
        List<String> ended = new ArrayList<>();
        long patienceEnds = System.nanoTime() + PATIENCE.toNanos();
        underWay.forEach((node, question) -> {
            boolean inTime = question.pending().endsWithin(Duration.ofNanos(patienceEnds - System.nanoTime()));
            long age = System.nanoTime() - question.begun();
            if (inTime || age > evidence.shadowCopyDeadline().toNanos()) {
                NodeAnswer<ShadowCopies> answer = evidence.ended(question.pending());
                rememberWhen(node, answer.problem());
                if (answer.value() != null) {
                    listed.put(node, new Listed(answer, question.process()));
                    belongsTo(node, question.process(), answer.at());
                    toldLast.put(node, answer.at());
                }
                ended.add(node);
            } else {
                question.pending().whenEnded(answered);
            }
        });
        ended.forEach(underWay::remove);
        return listed;
    }

    /** The list of a clear counts for the process that the next poll sees. An older one may be of a process that has ended. */
    private boolean isNew(String node, NodeAnswer<ShadowCopies> known) {
        Instant last = toldLast.get(node);
        return (last == null || known.at().isAfter(last))
                && clock.instant().isBefore(known.at().plus(JUST_NOW));
    }

    /** Counts the lists that clears got, too. A time in the future is from before the clock was set back. */
    private boolean isDue(String node, @Nullable Long process, boolean asksAgents) {
        Instant now = clock.instant();
        OwnQuestions.Last question = evidence.questions().to(node);
        boolean isAsked = question != null
                && question.isUnderWay()
                && now.isBefore(question.askedAt().plus(evidence.shadowCopyDeadline()));
        NodeAnswer<ShadowCopies> known = evidence.lastShadowCopies(node);
        boolean isSoon = isNewProcess(node, process, known) || (asksAgents && showsABackup(known));
        Duration every = againIn.getOrDefault(node, isSoon ? JUST_NOW : EVERY);
        return !isAsked
                && isLongAgo(askedLast.get(node), now, every)
                && isLongAgo(known == null || known.value() == null ? null : known.at(), now, every);
    }

    private void rememberWhen(String node, @Nullable Problem problem) {
        Duration time = problem == null ? null : problem.againIn();
        if (time == null) {
            againIn.remove(node);
        } else {
            againIn.put(node, time);
        }
    }

    /** Another program may have started it. The agent of the node is asked for it soon, since other agents wait for what this one finds. */
    private boolean isNewProcess(String node, @Nullable Long process, @Nullable NodeAnswer<ShadowCopies> known) {
        VssProcess before = processes.get(node);
        return evidence.asksAgentOf(node)
                && process != null
                && before != null
                && process != before.id()
                && (known == null || !known.at().isAfter(before.at()));
    }

    /** A requester keeps the VSS service running anyway. Where agents ask each other only one agent lists, and the others wait for what it finds. */
    private static boolean showsABackup(@Nullable NodeAnswer<ShadowCopies> known) {
        ShadowCopies list = known == null ? null : known.value();
        return list != null && list.copies().stream().anyMatch(copy -> !copy.isDead() && !copy.persistent());
    }

    private void belongsTo(String node, @Nullable Long process, Instant at) {
        if (process == null) {
            processes.remove(node);
        } else {
            processes.put(node, new VssProcess(process, at));
        }
    }

    private static boolean isLongAgo(@Nullable Instant last, Instant now, Duration every) {
        return last == null || now.isBefore(last) || !now.isBefore(last.plus(every));
    }
}
