package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.SimulatedJoin;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.simulated.JoinedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.OnDemand;
import io.github.csvbackup.http.SimulatedClusterEndpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What only an agent with a simulated cluster has. */
final class Simulation {
    private Simulation() {}

    /** The cluster that this agent holds, or its node of the cluster of another agent. */
    static Cluster cluster(Options options, Clock clock) {
        SimulatedJoin join = options.simulatedJoin();
        if (join == null) {
            return new SimulatedCluster(
                    clock, options.simulatedNodes(), options.simulatedVolumes(), options.simulatedRemoteAccess());
        }
        return new JoinedCluster(join.holder(), join.node(), () -> token(join.tokenFile()));
    }

    private static String token(Path file) throws IOException {
        String label = "The token file " + file;
        try {
            return TrustedFile.of(file, label, TrustedFile.Privacy.SECRET)
                    .text()
                    .strip();
        } catch (NoSuchFileException e) {
            throw new IOException(label + " does not exist", e);
        }
    }

    /** The endpoint for the agents that are other nodes; none if this agent does not hold the cluster. */
    static Map<String, Endpoint> endpoints(Cluster cluster) {
        return cluster instanceof SimulatedCluster held
                ? Map.of("/simulated-cluster", new OnDemand(() -> new SimulatedClusterEndpoint(held::answer)))
                : Map.of();
    }
}
