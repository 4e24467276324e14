package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Computes what is known about backups on the nodes after a poll. Pure functions. */
final class NodeWatches {
    private NodeWatches() {}

    /** After a failed poll: keeps a backup that was seen running and drops everything else. */
    static Map<String, NodeWatch> notRead(Snapshot before) {
        Map<String, NodeWatch> watches = new LinkedHashMap<>();
        before.nodeWatches()
                .forEach((node, watch) -> watches.put(
                        node,
                        new NodeWatch(
                                node,
                                ServiceWatch.UNSEEN,
                                ServiceWatch.UNSEEN,
                                watch.shadowCopies(),
                                watch.shadowCopiesProcess(),
                                null)));
        return watches;
    }

    /**
     * After a poll that read the nodes.
     *
     * @param gap the polls are not consecutive
     * @param byNewClock converts an earlier time to the wall clock as it is set now
     */
    static Map<String, NodeWatch> next(
            Snapshot before, PollResult poll, boolean gap, UnaryOperator<Instant> byNewClock) {
        Map<String, NodeWatch> watches = new LinkedHashMap<>();
        poll.services().forEach((node, services) -> {
            NodeWatch known = before.nodeWatches().getOrDefault(node, NodeWatch.unseen(node));
            ShadowCopyWatch.Listed listed = poll.shadowCopies().get(node);
            boolean isNew = listed != null && listed.answer().value() != null;
            watches.put(
                    node,
                    new NodeWatch(
                            node,
                            known.vss().next(services.vss(), gap, byNewClock),
                            known.softwareProvider().next(services.softwareProvider(), gap, byNewClock),
                            listed != null && isNew ? listed.answer() : known.shadowCopies(),
                            listed != null && isNew ? listed.process() : known.shadowCopiesProcess(),
                            ownStart(services.vss(), known, poll.questions().get(node))));
        });
        return watches;
    }

    /** A service that stopped in between, or has another process now, was started by somebody else. */
    private static @Nullable OwnStart ownStart(
            NodeAnswer<ServiceStatus> now, NodeWatch known, OwnQuestions.@Nullable Last question) {
        ServiceStatus status = now.value();
        Instant started = question == null ? null : question.startedVssAt();
        if (question == null || started == null || now.at().isBefore(started) || status == null || status.isStopped()) {
            return null;
        }
        NodeAnswer<ServiceStatus> before = known.vss().last();
        OwnStart ours = known.ownStart();
        boolean isFirstLook = before == null || !before.at().isAfter(started);
        boolean wasOurs = ours != null && ours.at().equals(started);
        return isFirstLook || (wasOurs && mayBeSameProcess(known.vss().status(), status))
                ? new OwnStart(started, question.endedAt())
                : null;
    }

    private static boolean mayBeSameProcess(@Nullable ServiceStatus before, ServiceStatus now) {
        return before == null
                || before.processId() == null
                || now.processId() == null
                || before.processId().equals(now.processId());
    }
}
