package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Instant;

/** Is a node accounted for? */
record NodeChecks(WatchSettings settings, Snapshot snapshot, Instant now) {

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

    private Check check(String node, CheckResult result, String seen, String remedy) {
        String name = node.isEmpty() ? "node-accounted" : "node-accounted " + node;
        return new Check(name, result, seen, snapshot.lastSuccess(), remedy);
    }
}
