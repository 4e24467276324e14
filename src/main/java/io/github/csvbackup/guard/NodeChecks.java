package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;

/** Checks that each node is accounted for: it is proven down, or its evidence counts. */
record NodeChecks(WatchSettings settings, Times times, Snapshot snapshot, Instant now) {

    /**
     * True if a node counts as dead although its status flags could not be read. Every node's Windows is too old to isolate or quarantine
     * nodes, and this node was Down at every poll for quiet-time. The agent's own node never counts as dead.
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
        return check(
                "",
                CheckResult.UNKNOWN,
                "the agent does not know any node of the cluster",
                VolumeChecks.WAIT_FOR_A_POLL);
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
                    name + " is reported as DOWN, but this agent runs on it",
                    "Check the Cluster service on " + name + ", and run Get-ClusterNode on another node.");
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
                                    ? name + " is DOWN, and the agent could not read whether it is isolated: "
                                    : "the state of " + name + " could not be read: ")
                            + failure.getMessage(),
                    failure.remedy());
        }
        if (node.state().isDown()) {
            String why = status == null
                    ? "and its Windows does not report isolation"
                    : "and " + ((status & Node.ISOLATED) != 0 ? "isolated" : "quarantined")
                            + ": a backup may still run there";
            return check(
                    name,
                    CheckResult.UNKNOWN,
                    name + " is DOWN " + why,
                    "Bring " + name + " back into the cluster, or power it off and evict it.");
        }
        return switch (node.state().code()) {
            case 0, 2, 3 ->
                check(
                        name,
                        CheckResult.PASSED,
                        name + " is " + node.state() + "; its services and shadow copies are checked",
                        "");
            default ->
                check(
                        name,
                        CheckResult.UNKNOWN,
                        "the state of " + name + " is " + node.state(),
                        "Check the node with Get-ClusterNode and bring it up.");
        };
    }

    private Check byOldRule(Node node) {
        String name = node.name();
        String rule = "; every node runs a version of Windows before 2016, which does not isolate nodes";
        Instant since = snapshot.downSince().get(name);
        if (isDeadByOldRule(node) && since != null) {
            return check(
                    name,
                    CheckResult.PASSED,
                    name + " was DOWN at every poll for " + Times.duration(downFor(since)) + rule,
                    "");
        }
        Instant enough = since == null ? null : since.plus(settings.quietTime());
        return check(
                        name,
                        CheckResult.UNKNOWN,
                        name + " is DOWN, but not yet at every poll for " + Times.duration(settings.quietTime()) + rule,
                        enough == null ? VolumeChecks.WAIT_FOR_A_POLL : "Wait until " + times.time(enough) + ".")
                .passingAt(enough);
    }

    private Check check(String node, CheckResult result, String seen, String remedy) {
        if (node.isEmpty()) {
            return new Check("node-accounted", result, seen, snapshot.lastSuccess(), remedy);
        }
        return new Check("node-accounted " + node, result, seen, snapshot.lastSuccess(), remedy).asOn(node);
    }
}
