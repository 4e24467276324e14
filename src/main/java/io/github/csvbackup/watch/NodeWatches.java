package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Computes what is known about backups on the nodes after a poll. Pure functions. */
final class NodeWatches {
    /** The service does not stop and start again in this time: it stops after minutes without work. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final Duration MACHINES_STAND = Duration.ofHours(2);

    private NodeWatches() {}

    /** After a failed poll: keeps a backup that was seen running and drops everything else. */
    static Map<String, NodeWatch> notRead(Snapshot before) {
        Map<String, NodeWatch> watches = new LinkedHashMap<>();
        before.nodeWatches()
                .forEach((node, watch) -> watches.put(
                        node,
                        new NodeWatch(
                                node,
                                watch.vss().unchecked(),
                                watch.softwareProvider().unchecked(),
                                watch.shadowCopies(),
                                watch.shadowCopiesProcess(),
                                null,
                                watch.machineBackups())));
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
                            ownStart(services, known, poll.questions().get(node)),
                            machines(
                                    known.machineBackups(),
                                    services.machines(),
                                    poll.readAt().at(),
                                    byNewClock)));
        });
        return watches;
    }

    /** What machines said stands until the agent of their node knows better, but not indefinitely: that agent may have been removed. */
    private static List<MachineBackup> machines(
            List<MachineBackup> earlier,
            @Nullable MachineBackups told,
            Instant now,
            UnaryOperator<Instant> byNewClock) {
        if (told != null && (told.known() || !told.running().isEmpty())) {
            return told.running();
        }
        List<MachineBackup> standing = new ArrayList<>();
        for (MachineBackup backup : earlier) {
            Instant at = byNewClock.apply(backup.at());
            if (Duration.between(at, now).compareTo(MACHINES_STAND) <= 0) {
                standing.add(new MachineBackup(backup.volume(), backup.node(), backup.machine(), at));
            }
        }
        return standing;
    }

    /**
     * Only what polls have seen counts: a look right after the query that found the service stopped, and from then on the same process at each look.
     */
    private static @Nullable OwnStart ownStart(
            NodeServices services, NodeWatch known, OwnQuestions.@Nullable Last question) {
        NodeAnswer<ServiceStatus> now = services.vss().answer();
        ServiceStatus status = now.value();
        OwnQuestions.Start start = question == null ? null : question.startedVss();
        if (question == null
                || start == null
                || now.at().isBefore(start.begun())
                || status == null
                || status.isStopped()) {
            return null;
        }
        OwnStart ours = known.ownStart();
        if (ours != null
                && ours.at().equals(start.begun())
                && ServiceStatus.isSameProcess(known.vss().status(), status)) {
            return new OwnStart(
                    start.begun(),
                    question.endedAt(),
                    !ours.isExplained(now.at()),
                    ours.withProvider()
                            && ServiceStatus.isSameProcess(
                                    known.softwareProvider().status(),
                                    services.softwareProvider().answer().value()));
        }
        ServiceStatus provider = known.softwareProvider().status();
        return ours == null && isFirstLook(now.at(), status, known.vss(), start)
                ? new OwnStart(start.begun(), question.endedAt(), false, provider != null && provider.isStopped())
                : null;
    }

    /** The look before it was before the query, or during it: then it may have seen the service that the query started. */
    private static boolean isFirstLook(
            Instant now, ServiceStatus status, ServiceWatch earlier, OwnQuestions.Start start) {
        NodeAnswer<ServiceStatus> before = earlier.last();
        boolean soon = now.isBefore(start.ended().plus(SOON));
        if (before == null || !before.at().isAfter(start.begun())) {
            return soon;
        }
        ServiceStatus then = before.value();
        return soon
                && !before.at().isAfter(start.ended())
                && then != null
                && (then.isStopped() || ServiceStatus.isSameProcess(then, status));
    }
}
