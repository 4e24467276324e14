package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Node;
import java.time.Clock;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the services of the nodes for polls, while somebody needs them. */
final class ServicePoll {
    private final Cluster cluster;
    private final NodeEvidence evidence;
    private final WatchSettings settings;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile BooleanSupplier alsoWanted = () -> false;
    private volatile @Nullable OwnServices own;

    /** @param cluster the cluster of the evidence */
    ServicePoll(Cluster cluster, NodeEvidence evidence, WatchSettings settings, Clock clock, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.evidence = evidence;
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Reads the services of all nodes also while this returns true. */
    void alsoReadWhile(BooleanSupplier wanted) {
        alsoWanted = wanted;
    }

    /**
     * The services of the nodes; empty if the poll does not need them. Agents of other nodes may need those of this node all the same.
     *
     * @param isSet a volume's state is set
     */
    Map<String, NodeServices> read(ClusterReading reading, boolean isSet) {
        if (!isSet && !alsoWanted.getAsBoolean()) {
            OwnServices asked = own;
            if (asked != null) {
                asked.forPoll(reading.localNode());
            }
            return Map.of();
        }
        Moment begun = Moment.now(clock, nanoTime);
        Map<String, NodeServices> services = evidence.services(reading.nodes().stream()
                .filter(node -> !node.isProvenDown())
                .map(Node::name)
                .toList());
        services.forEach((node, told) -> {
            if (node.equalsIgnoreCase(reading.localNode())) {
                OwnServices.Both unused =
                        own().add(told.vss().answer(), told.softwareProvider().answer(), begun);
            }
        });
        return services;
    }

    /** Made when it is needed, because most polls read no services. */
    synchronized OwnServices own() {
        OwnServices made = own;
        if (made == null) {
            made = new OwnServices(cluster, settings, clock, nanoTime);
            own = made;
        }
        return made;
    }
}
