package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.BoundedChecks;
import io.github.csvbackup.cluster.ClusterCheck;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.VirtualMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks this machine and its cluster without an agent. */
public final class Probe {
    private Probe() {}

    /**
     * Checks this machine. Blocks for some deadlines at most.
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
        BoundedChecks hyperV = new BoundedChecks(new BoundedCalls(1), deadline.multipliedBy(5));
        Optional<List<VirtualMachine>> machines =
                hyperV.attempt("hyper-v", Finding.Result.UNKNOWN, findings, cluster::virtualMachines);
        if (machines != null) {
            findings.addAll(MachineFindings.of(machines));
        }
        // Closing handles may hang like any other call.
        new BoundedChecks(new BoundedCalls(1), deadline).attempt("close", Finding.Result.UNKNOWN, findings, () -> {
            cluster.close();
            return true;
        });
        return findings;
    }
}
