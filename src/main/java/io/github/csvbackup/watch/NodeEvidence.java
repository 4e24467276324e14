package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Asks nodes in parallel. Each has its own deadline and its own bound of calls, so that one that hangs delays and starves no other.
 * Thread-safe.
 */
public final class NodeEvidence {
    private static final int CALLS_PER_NODE = 2;

    /** What is asked of one node; each kind has its own bound, so that none takes the other's places. */
    private record Place(String node, String kind) {}

    private final Cluster cluster;
    private final Duration serviceDeadline;
    private final Duration shadowCopyDeadline;
    private final Clock clock;
    private final Map<Place, BoundedCalls> calls = new ConcurrentHashMap<>();

    /**
     * @param serviceDeadline how long a node has to tell of a service
     * @param shadowCopyDeadline how long a node has to list its shadow copies
     */
    public NodeEvidence(Cluster cluster, Duration serviceDeadline, Duration shadowCopyDeadline, Clock clock) {
        this.cluster = cluster;
        this.serviceDeadline = serviceDeadline;
        this.shadowCopyDeadline = shadowCopyDeadline;
        this.clock = clock;
    }

    /** The VSS service of each node. Changes nothing. */
    public Map<String, Answer<ServiceStatus>> vss(Collection<String> nodes) {
        return ask(
                "services",
                serviceDeadline,
                nodes,
                node -> "asking " + node + " for its VSS service",
                node -> () -> cluster.service(node, Cluster.VSS));
    }

    /** The shadow copies of each node. <strong>Starts the VSS service there.</strong> */
    public Map<String, Answer<List<ShadowCopy>>> shadowCopies(Collection<String> nodes) {
        return ask(
                "shadow copies",
                shadowCopyDeadline,
                nodes,
                node -> "asking " + node + " for its shadow copies",
                node -> () -> List.copyOf(cluster.shadowCopies(node)));
    }

    private <T> Map<String, Answer<T>> ask(
            String kind,
            Duration deadline,
            Collection<String> nodes,
            Function<String, String> what,
            Function<String, Callable<T>> call) {
        Map<String, BoundedCalls.Pending<T>> pending = new LinkedHashMap<>();
        for (String node : nodes) {
            BoundedCalls bounded =
                    calls.computeIfAbsent(new Place(node, kind), place -> new BoundedCalls(CALLS_PER_NODE, cluster));
            pending.put(node, bounded.start(what.apply(node), call.apply(node)));
        }
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, Answer<T>> answers = new LinkedHashMap<>();
        pending.forEach((node, call1) -> answers.put(node, await(call1, Duration.ofNanos(end - System.nanoTime()))));
        return answers;
    }

    private <T> Answer<T> await(BoundedCalls.Pending<T> pending, Duration left) {
        try {
            return Answer.of(clock.instant(), pending.await(left));
        } catch (ClusterException e) {
            return Answer.none(clock.instant(), Problem.of(e));
        } catch (CallTimeoutException e) {
            return Answer.none(clock.instant(), Problem.of(e));
        }
    }
}
