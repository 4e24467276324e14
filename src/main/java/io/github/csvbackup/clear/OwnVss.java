package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnQuestions;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes the VSS service runs because this agent asked for shadow copies, as far as that was seen: by the polls, and by clears, which look at
 * the service right after they have asked.
 *
 * @param looks what clears saw last, by node; thread-safe
 */
record OwnVss(OwnQuestions questions, Guard guard, Clock clock, Map<String, Look> looks) {
    /** As for polls: in this time the service does not stop and start again. */
    private static final Duration SOON = Duration.ofMinutes(1);

    /**
     * The look of a clear at the service of a node, right after the node's list.
     *
     * @param start the query for that list, if it found the service stopped; else null
     */
    record Look(NodeAnswer<ServiceStatus> answer, OwnQuestions.@Nullable Start start) {}

    /** Remembers what a round of a clear saw. Returns the nodes whose service this round has started, in the order of the snapshot. */
    StartedVss seen(EvidenceGatherer.Round round, Snapshot snapshot) {
        Map<String, StartedVss.Start> nodes = new LinkedHashMap<>();
        for (Node node : snapshot.nodes()) {
            String name = node.name();
            NodeAnswer<ServiceStatus> after = round.vssAfter().get(name);
            if (after == null) {
                continue;
            }
            NodeAnswer<ShadowCopies> list = round.shadowCopies().get(name);
            ShadowCopies told = list == null ? null : list.value();
            OwnQuestions.Last question = questions.to(name);
            OwnQuestions.Start start =
                    told == null || question == null || !told.vssBefore().isStopped() ? null : question.startedVss();
            looks.put(name, new Look(after, start));
            if (start != null && isRunning(after)) {
                nodes.put(name, new StartedVss.Start(start.begun(), false));
            }
        }
        return started(nodes, snapshot);
    }

    /** By what was seen last of each node. */
    StartedVss now(Snapshot snapshot) {
        Map<String, StartedVss.Start> nodes = new LinkedHashMap<>();
        for (Node node : snapshot.nodes()) {
            NodeWatch watch = snapshot.nodeWatches().getOrDefault(node.name(), NodeWatch.unseen(node.name()));
            StartedVss.Start start = start(watch, looks.get(node.name()));
            if (start != null) {
                nodes.put(node.name(), start);
            }
        }
        return started(nodes, snapshot);
    }

    /**
     * Why VSS ran before the queries of a round on nodes where the last poll had seen it stopped: another query of this agent, such as that of a
     * reader, had just started it.
     */
    Map<String, OwnStart> sinceTheLastPoll(Snapshot snapshot, EvidenceGatherer.Round round) {
        Map<String, OwnStart> starts = new LinkedHashMap<>();
        round.shadowCopies().forEach((node, list) -> {
            OwnQuestions.Last question = questions.to(node);
            OwnQuestions.Start start = question == null ? null : question.startedVss();
            NodeWatch watch = snapshot.nodeWatches().get(node);
            NodeAnswer<ServiceStatus> poll = watch == null ? null : watch.vss().last();
            if (question != null
                    && start != null
                    && poll != null
                    && !poll.at().isAfter(start.ended())
                    && list.at().isBefore(start.ended().plus(SOON))) {
                starts.put(node, new OwnStart(start.begun(), question.endedAt(), false, false));
            }
        });
        return starts;
    }

    private StartedVss started(Map<String, StartedVss.Start> nodes, Snapshot snapshot) {
        return new StartedVss(guard, clock.instant(), snapshot.nodes().size(), nodes);
    }

    private StartedVss.@Nullable Start start(NodeWatch watch, @Nullable Look look) {
        NodeAnswer<ServiceStatus> poll = watch.vss().last();
        if (look == null || (poll != null && poll.at().isAfter(look.answer().at()))) {
            return byPolls(watch.ownStart());
        }
        if (!isRunning(look.answer())) {
            return null;
        }
        OwnQuestions.Start start = look.start();
        Instant now = clock.instant();
        if (start != null) {
            // Later it may have stopped, or serve somebody else: no poll has looked.
            return now.isAfter(OwnStart.stopsBy(start.ended())) ? null : new StartedVss.Start(start.begun(), false);
        }
        return ServiceStatus.isSameProcess(watch.vss().status(), look.answer().value())
                ? byPolls(watch.ownStart())
                : null;
    }

    private StartedVss.@Nullable Start byPolls(@Nullable OwnStart ours) {
        return ours == null ? null : new StartedVss.Start(ours.at(), !ours.isExplained(clock.instant()));
    }

    private static boolean isRunning(NodeAnswer<ServiceStatus> answer) {
        ServiceStatus status = answer.value();
        return status != null && !status.isStopped();
    }
}
