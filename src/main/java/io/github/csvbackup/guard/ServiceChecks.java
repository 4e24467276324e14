package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.OwnStart;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.ServiceWatch;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the services that a backup uses are stopped on a node. A running service says nothing about the volume and is never proof of
 * a backup. A service that was stopped at every check for quiet-time proves that no VSS session is open there.
 *
 * @param watched whether the volume's state is set, so that polls check the nodes' services
 */
record ServiceChecks(WatchSettings settings, Times times, boolean watched, Instant now) {
    private static final String VSS = "the VSS service";
    private static final String STOPS_SOON = "; if nothing else uses it, it usually stops within minutes";
    private static final String STILL_RUNS = ", and still runs: something else may use it";
    private static final String PROVIDER =
            "Microsoft's shadow copy provider (service " + Cluster.SOFTWARE_PROVIDER + ")";

    /**
     * @param asked the node's answer to the query for shadow copies made just now; null if it was not asked
     * @param started why the service ran before that query, if this agent had started it since the last poll
     * @param dead the node counts as dead: it is not expected to answer, but an answer counts
     */
    Check vssStopped(
            NodeWatch watch, @Nullable NodeAnswer<ShadowCopies> asked, @Nullable OwnStart started, boolean dead) {
        Check byPolls = stopped("vss-stopped " + watch.node(), VSS, watch, watch.vss(), dead);
        ShadowCopies told = asked == null ? null : asked.value();
        if (byPolls.result() == CheckResult.PASSED
                && asked != null
                && told != null
                && !told.vssBefore().isStopped()) {
            if (started != null) {
                return ranByAgent(byPolls.name(), watch.node(), started, asked.at());
            }
            String ran = told.vssBefore().stateName() + " before the node was asked for shadow copies";
            return new Check(
                            byPolls.name(),
                            CheckResult.UNKNOWN,
                            VSS + " on " + watch.node() + " was " + ran + Told.by(asked, times, now),
                            asked.at(),
                            waitForTheEnd())
                    .told(Told.by(asked, times, now))
                    .because(Check.Cause.ending(
                            VSS + " on " + Check.Cause.NODES + " was " + ran, waitForTheEnd(), watch.node()));
        }
        return byPolls;
    }

    Check softwareProviderStopped(NodeWatch watch, boolean dead) {
        return stopped("swprv-stopped " + watch.node(), PROVIDER, watch, watch.softwareProvider(), dead);
    }

    private Check stopped(String name, String subject, NodeWatch node, ServiceWatch watch, boolean dead) {
        NodeAnswer<ServiceStatus> answer = watch.last();
        if (answer == null) {
            return watched
                    ? new Check(
                                    name,
                                    CheckResult.UNKNOWN,
                                    node.node() + " has not been checked yet",
                                    null,
                                    "Call refresh.")
                            .asOn(node.node())
                    : new Check(name, CheckResult.DEFERRED, "not checked while no backup state is set", null, "");
        }
        ServiceStatus status = answer.value();
        if (status == null) {
            return unanswered(name, node.node(), answer, dead);
        }
        Instant stoppedSince = watch.stoppedSince();
        if (stoppedSince == null) {
            return running(name, subject, node, status, answer);
        }
        String on = subject + " on " + node.node();
        if (Duration.between(answer.at(), now).compareTo(settings.freshFor()) > 0) {
            return new Check(
                            name,
                            CheckResult.UNKNOWN,
                            on + " was last checked at " + times.time(answer.at()),
                            answer.at(),
                            "Call refresh.")
                    .because(Check.Cause.of(
                            subject + " was not checked lately on " + Check.Cause.NODES, "Call refresh.", node.node()));
        }
        Duration stopped = Duration.between(stoppedSince, answer.at());
        String seen =
                on + " was seen stopped at every check for " + Times.duration(stopped) + Told.by(answer, times, now);
        if (stopped.compareTo(settings.quietTime()) >= 0) {
            return new Check(name, CheckResult.PASSED, seen, answer.at(), "");
        }
        Instant enough = stoppedSince.plus(settings.quietTime());
        return new Check(name, CheckResult.UNKNOWN, seen, answer.at(), "Wait until " + times.time(enough) + ".")
                .told(Told.by(answer, times, now))
                .because(Check.Cause.ending(
                        subject + " has been seen stopped for less than " + Times.duration(settings.quietTime())
                                + " on " + Check.Cause.NODES,
                        "",
                        node.node()))
                .passingAt(enough);
    }

    private static Check unanswered(String name, String node, NodeAnswer<ServiceStatus> answer, boolean dead) {
        Problem problem = answer.problem();
        if (dead) {
            return new Check(
                    name,
                    CheckResult.PASSED,
                    node + " is down and need not answer" + (problem == null ? "" : ": " + problem.message()),
                    answer.at(),
                    "");
        }
        return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        problem == null ? node + " did not answer" : problem.message(),
                        answer.at(),
                        problem == null ? "Try again." : problem.remedy())
                .asOn(node);
    }

    private Check running(
            String name, String subject, NodeWatch node, ServiceStatus status, NodeAnswer<ServiceStatus> answer) {
        OwnStart ours = node.ownStart();
        if (ours != null && subject.equals(VSS)) {
            return ranByAgent(name, node.node(), ours, answer.at());
        }
        return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        subject + " on " + node.node() + " is " + status.stateName() + process(status)
                                + Told.by(answer, times, now),
                        answer.at(),
                        waitForTheEnd())
                .told(Told.by(answer, times, now))
                .because(Check.Cause.ending(
                        subject + " is " + status.stateName() + " on " + Check.Cause.NODES,
                        waitForTheEnd(),
                        node.node()))
                .passingAt(ours != null && ours.withProvider() ? quietFrom(ours) : null);
    }

    private @Nullable Instant quietFrom(OwnStart ours) {
        return ours.isExplained(now) ? ours.stopsBy().plus(settings.quietTime()) : null;
    }

    private Check ranByAgent(String name, String node, OwnStart ours, Instant at) {
        boolean isExplained = ours.isExplained(now);
        String seen = startedByAgent(node, "its", ours.at(), !isExplained);
        return new Check(name, CheckResult.UNKNOWN, seen, at, waitForTheEnd())
                .because(new Check.Cause(
                        Check.Cause.OWN_VSS + (isExplained ? STOPS_SOON : STILL_RUNS),
                        startedByAgent(Check.Cause.NODES, "their", ours.at(), !isExplained),
                        isExplained
                                ? "Do not stop it."
                                : "Wait until it stops by itself. Do not stop it: a backup may be using it.",
                        true,
                        node))
                .passingAt(quietFrom(ours));
    }

    /**
     * The VSS service was stopped right before this agent asked.
     *
     * @param whose its or their
     * @param at when the agent asked
     * @param isOutlived it still runs although it should have stopped
     */
    String startedByAgent(String nodes, String whose, Instant at, boolean isOutlived) {
        return agentListed(nodes, whose, at) + (isOutlived ? STILL_RUNS : STOPS_SOON);
    }

    String agentListed(String nodes, String whose, Instant at) {
        return "VSS on " + nodes + " started at " + times.timeOn(now, at) + ", when this agent listed " + whose
                + " shadow copies";
    }

    private String waitForTheEnd() {
        return "Wait until it stops by itself, some minutes after its last use, and stays stopped for "
                + Times.duration(settings.quietTime()) + ". Do not stop it: a backup may be using it.";
    }

    private String process(ServiceStatus status) {
        Instant started = status.startTime();
        return (status.processId() == null ? "" : ", process " + status.processId())
                + (started == null ? "" : ", started " + times.time(started));
    }
}
