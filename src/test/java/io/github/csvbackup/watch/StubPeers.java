package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.StubCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The agents of a stub cluster's nodes: they see what the cluster's own service control managers and WMI would say. */
public final class StubPeers implements Peers {
    private static final Instant BY_ITS_CLOCK = Instant.parse("2020-01-01T00:00:00Z");

    private final StubCluster cluster;
    /** The nodes that have an agent. */
    public final List<String> agents = new CopyOnWriteArrayList<>();
    /** The questions so far: {@code NODE2}, or {@code NODE2 with shadow copies}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** Why an agent gives no answer, by node. */
    public final Map<String, ClusterException> failures = new ConcurrentHashMap<>();
    /** Why an agent gives no list, by node. */
    public final Map<String, Problem> listless = new ConcurrentHashMap<>();
    /** How long an agent has seen the services stopped, if they are; an hour unless it is here. */
    public final Map<String, Duration> stoppedFor = new ConcurrentHashMap<>();
    /** What an agent says of VSS, if it is not what the cluster says. */
    public final Map<String, ServiceStatus> vss = new LinkedHashMap<>();
    /** What an agent says of the virtual machines of its node; nothing unless it is here. */
    public final Map<String, MachineBackups> machines = new ConcurrentHashMap<>();
    /** Runs before an answer. */
    public volatile Consumer<String> beforeAnswer = node -> {};

    public volatile boolean answersAtOnce;

    public StubPeers(StubCluster cluster, String... agents) {
        this.cluster = cluster;
        this.agents.addAll(List.of(agents));
    }

    @Override
    public boolean neverBlocks() {
        return answersAtOnce;
    }

    @Override
    public boolean asks(String node) {
        return agents.contains(node);
    }

    @Override
    public PeerEvidence ask(String node, boolean withShadowCopies) throws ClusterException {
        asked.add(node + (withShadowCopies ? " with shadow copies" : ""));
        beforeAnswer.accept(node);
        ClusterException failure = failures.get(node);
        if (failure != null) {
            throw failure;
        }
        NodeAnswer<ShadowCopies> list = null;
        if (withShadowCopies) {
            Problem why = listless.get(node);
            list = why == null
                    ? NodeAnswer.of(BY_ITS_CLOCK, cluster.shadowCopies(node))
                    : NodeAnswer.none(BY_ITS_CLOCK, why);
        }
        ServiceStatus seen = vss.getOrDefault(node, cluster.services.get(node));
        return new PeerEvidence(
                seen(node, seen),
                seen(node, cluster.softwareProviders.get(node)),
                machines.getOrDefault(node, MachineBackups.UNKNOWN),
                list);
    }

    private PeerEvidence.Seen seen(String node, ServiceStatus status) {
        return new PeerEvidence.Seen(
                status, status.isStopped() ? stoppedFor.getOrDefault(node, Duration.ofHours(1)) : Duration.ZERO, null);
    }
}
