package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.BoundedChecks;
import io.github.csvbackup.cluster.ClusterCheck;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks this machine and its cluster without an agent. */
public final class Probe {
    private Probe() {}

    /**
     * Checks this machine. Blocks for a few deadlines at most.
     *
     * @param deadline how long one call may take
     */
    public static List<Finding> run(Duration deadline) {
        WindowsCluster cluster;
        try {
            cluster = WindowsCluster.open(deadline);
        } catch (ClusterException e) {
            return List.of(new Finding("system", Finding.Result.FAILED, String.valueOf(e.getMessage()), e.remedy()));
        }
        List<Finding> findings = new ArrayList<>(new ClusterCheck(cluster, deadline).run());
        // Closing handles may hang like any other call.
        new BoundedChecks(new BoundedCalls(1), deadline).attempt("close", Finding.Result.UNKNOWN, findings, () -> {
            cluster.close();
            return true;
        });
        return findings;
    }
}
