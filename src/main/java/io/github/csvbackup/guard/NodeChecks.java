package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.watch.Answer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The checks of one node: is it accounted for, and is its VSS service quiet?
 *
 * @param watched whether the volume's state is set, so that polls look at the nodes' services
 */
record NodeChecks(WatchSettings settings, boolean watched, Instant now) {

    Check accounted(Node node) {
        String name = "node-accounted " + node.name();
        Integer status = node.statusInformation();
        switch (node.state().code()) {
            case 0, 2, 3 -> {
                return new Check(
                        name, CheckResult.PASSED, node.name() + " is " + node.state() + " and needs evidence", "");
            }
            case 1 -> {
                if (node.isProvenDown()) {
                    return new Check(
                            name,
                            CheckResult.PASSED,
                            node.name() + " is DOWN, neither isolated nor quarantined: no backup runs there",
                            "");
                }
                String why = status == null
                        ? "is DOWN, and whether it is isolated could not be read"
                        : "is DOWN and " + ((status & Node.ISOLATED) != 0 ? "isolated" : "quarantined")
                                + ": it may still run a backup";
                return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        node.name() + " " + why,
                        "Bring " + node.name() + " back into the cluster, or power it off and evict it.");
            }
            default -> {
                return new Check(
                        name,
                        CheckResult.UNKNOWN,
                        "the state of " + node.name() + " is " + node.state(),
                        "Look at the node with Get-ClusterNode and bring it Up.");
            }
        }
    }

    Check vssStopped(Node node, @Nullable NodeWatch watch) {
        String name = "vss-stopped " + node.name();
        Answer<ServiceStatus> answer = watch == null ? null : watch.vss();
        if (watch == null || answer == null) {
            return watched
                    ? new Check(
                            name, CheckResult.UNKNOWN, "nobody has looked at " + node.name() + " yet", "Call refresh.")
                    : new Check(name, CheckResult.DEFERRED, "not looked at while no state is set", "");
        }
        ServiceStatus status = answer.value();
        if (status == null) {
            Problem problem = answer.problem();
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    problem == null ? node.name() + " gave no answer" : problem.message(),
                    problem == null ? "Try again." : problem.remedy());
        }
        Instant stoppedSince = watch.vssStoppedSince();
        String quiet = Texts.duration(settings.quietTime());
        if (stoppedSince == null) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    "the VSS service on " + node.name() + " is " + status.stateName(),
                    "Wait until it has stopped by itself, some minutes after its last use, and stayed so for " + quiet
                            + "; do not stop it: a backup may be using it.");
        }
        Duration stopped = Duration.between(stoppedSince, answer.at());
        if (isOld(answer.at())) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    "the VSS service on " + node.name() + " was last looked at " + Texts.time(answer.at()),
                    "Call refresh.");
        }
        boolean longEnough = stopped.compareTo(settings.quietTime()) >= 0;
        return new Check(
                name,
                longEnough ? CheckResult.PASSED : CheckResult.UNKNOWN,
                "the VSS service on " + node.name() + " was seen stopped at every look for " + Texts.duration(stopped),
                longEnough ? "" : "Wait until " + Texts.time(stoppedSince.plus(settings.quietTime())) + ".");
    }

    private boolean isOld(Instant at) {
        return Duration.between(at, now).compareTo(settings.freshFor()) > 0;
    }
}
