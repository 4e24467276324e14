package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;

/** Is a node accounted for? */
record NodeChecks(WatchSettings settings, Snapshot snapshot, Instant now) {

    /**
     * True if a node is taken for dead without its own word: no Windows of the cluster is new enough to isolate or quarantine a node, and this
     * one was Down at every poll for quiet-time. The node that the agent runs on is not dead.
     */
    boolean isDeadByOldRule(Node node) {
        Instant downSince = snapshot.downSince().get(node.name());
        return mayBeDeadByOldRule(node)
                && downSince != null
                && downFor(downSince).compareTo(settings.quietTime()) >= 0;
    }

    private boolean mayBeDeadByOldRule(Node node) {
        return node.state().isDown()
                && !node.isProvenDown()
                && snapshot.isOlderThan2016()
                && !node.name().equalsIgnoreCase(snapshot.localNode());
    }

    private Duration downFor(Instant since) {
        Instant seen = snapshot.lastSuccess();
        return seen == null ? Duration.ZERO : Duration.between(since, seen);
    }

    Check noneKnown() {
        return check("", CheckResult.UNKNOWN, "no node of the cluster is known", VolumeChecks.WAIT_FOR_A_POLL);
    }

    Check accounted(Node node) {
        String name = node.name();
        Integer status = node.statusInformation();
        if (!snapshot.isFresh(now, settings)) {
            return check(
                    name,
                    CheckResult.UNKNOWN,
                    name + " was " + node.state() + " when it was last read",
                    VolumeChecks.WAIT_FOR_A_POLL);
        }
        if (node.isProvenDown() && name.equalsIgnoreCase(snapshot.localNode())) {
            return check(
                    name,
                    CheckResult.UNKNOWN,
                    name + " is said to be DOWN, and this agent runs on it",
                    "Look at the Cluster service of " + name + ", and at Get-ClusterNode on another node.");
        }
        if (node.isProvenDown()) {
            return check(
                    name,
                    CheckResult.PASSED,
                    name + " is DOWN, neither isolated nor quarantined: no backup runs there",
                    "");
        }
        if (mayBeDeadByOldRule(node)) {
            return byOldRule(node);
        }
        ClusterException failure = node.failure();
        if (failure != null) {
            return check(
                    name,
                    CheckResult.UNKNOWN,
                    (node.state().isDown()
                                    ? name + " is DOWN and whether it is isolated could not be read: "
                                    : "the state of " + name + " could not be read: ")
                            + failure.getMessage(),
                    failure.remedy());
        }
        if (node.state().isDown()) {
            String why = status == null
                    ? "and this Windows does not tell whether it is isolated"
                    : "and " + ((status & Node.ISOLATED) != 0 ? "isolated" : "quarantined")
                            + ": it may still run a backup";
            return check(
                    name,
                    CheckResult.UNKNOWN,
                    name + " is DOWN " + why,
                    "Bring " + name + " back into the cluster, or power it off and evict it.");
        }
        return switch (node.state().code()) {
            case 0, 2, 3 -> check(name, CheckResult.PASSED, name + " is " + node.state() + " and needs evidence", "");
            default ->
                check(
                        name,
                        CheckResult.UNKNOWN,
                        "the state of " + name + " is " + node.state(),
                        "Look at the node with Get-ClusterNode and bring it Up.");
        };
    }

    private Check byOldRule(Node node) {
        String name = node.name();
        String rule = ", and a Windows older than 2016, as every node of this cluster has, does not isolate nodes";
        Instant since = snapshot.downSince().get(name);
        if (isDeadByOldRule(node) && since != null) {
            return check(
                    name,
                    CheckResult.PASSED,
                    name + " was DOWN at every poll for " + Times.duration(downFor(since)) + rule,
                    "");
        }
        return check(
                name,
                CheckResult.UNKNOWN,
                name + " is DOWN, and was not so at every poll for " + Times.duration(settings.quietTime()) + rule,
                since == null
                        ? VolumeChecks.WAIT_FOR_A_POLL
                        : "Wait until " + Times.time(since.plus(settings.quietTime())) + ".");
    }

    private Check check(String node, CheckResult result, String seen, String remedy) {
        String name = node.isEmpty() ? "node-accounted" : "node-accounted " + node;
        return new Check(name, result, seen, snapshot.lastSuccess(), remedy);
    }
}
