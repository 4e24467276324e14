package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
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
record ServiceChecks(WatchSettings settings, boolean watched, Instant now) {

    /**
     * @param asked the node's answer to the query for shadow copies made just now; null if it was not asked
     * @param dead the node counts as dead: it is not expected to answer, but an answer counts
     */
    Check vssStopped(NodeWatch watch, @Nullable NodeAnswer<ShadowCopies> asked, boolean dead) {
        Check byPolls = stopped("vss-stopped", "the VSS service", Cluster.VSS, watch.node(), watch.vss(), dead);
        ShadowCopies told = asked == null ? null : asked.value();
        if (byPolls.result() == CheckResult.PASSED
                && asked != null
                && told != null
                && !told.vssBefore().isStopped()) {
            return new Check(
                    byPolls.name(),
                    CheckResult.UNKNOWN,
                    "the VSS service on " + watch.node() + " was "
                            + told.vssBefore().stateName() + " before the node was asked for shadow copies",
                    asked.at(),
                    waitForTheEnd());
        }
        return byPolls;
    }

    Check softwareProviderStopped(NodeWatch watch, boolean dead) {
        return stopped(
                "swprv-stopped",
                "Microsoft's shadow copy provider",
                Cluster.SOFTWARE_PROVIDER,
                watch.node(),
                watch.softwareProvider(),
                dead);
    }

    private Check stopped(String kind, String words, String service, String node, ServiceWatch watch, boolean dead) {
        String name = kind + " " + node;
        String subject = words + (service.equals(Cluster.VSS) ? "" : " (service " + service + ")") + " on " + node;
        NodeAnswer<ServiceStatus> answer = watch.last();
        if (answer == null) {
            return watched
                    ? new Check(name, CheckResult.UNKNOWN, node + " has not been checked yet", null, "Call refresh.")
                    : new Check(name, CheckResult.DEFERRED, "not checked while no backup state is set", null, "");
        }
        ServiceStatus status = answer.value();
        if (status == null && dead) {
            return new Check(
                    name,
                    CheckResult.PASSED,
                    node + " did not answer, as expected of a node that is down",
                    answer.at(),
                    "");
        }
        if (status == null) {
            Problem problem = answer.problem();
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    problem == null ? node + " did not answer" : problem.message(),
                    answer.at(),
                    problem == null ? "Try again." : problem.remedy());
        }
        Instant stoppedSince = watch.stoppedSince();
        if (stoppedSince == null) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    subject + " is " + status.stateName() + process(status),
                    answer.at(),
                    waitForTheEnd());
        }
        if (Duration.between(answer.at(), now).compareTo(settings.freshFor()) > 0) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    subject + " was last checked at " + Times.time(answer.at()),
                    answer.at(),
                    "Call refresh.");
        }
        Duration stopped = Duration.between(stoppedSince, answer.at());
        boolean longEnough = stopped.compareTo(settings.quietTime()) >= 0;
        return new Check(
                name,
                longEnough ? CheckResult.PASSED : CheckResult.UNKNOWN,
                subject + " was seen stopped at every check for " + Times.duration(stopped),
                answer.at(),
                longEnough ? "" : "Wait until " + Times.time(stoppedSince.plus(settings.quietTime())) + ".");
    }

    private String waitForTheEnd() {
        return "Wait until it stops by itself, some minutes after its last use, and stays stopped for "
                + Times.duration(settings.quietTime()) + ". Do not stop it: a backup may be using it.";
    }

    private static String process(ServiceStatus status) {
        Instant started = status.startTime();
        return (status.processId() == null ? "" : ", process " + status.processId())
                + (started == null ? "" : ", started " + Times.time(started));
    }
}
