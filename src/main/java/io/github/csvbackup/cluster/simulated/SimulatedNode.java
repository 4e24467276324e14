package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.WindowsVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node: its state in the cluster, its services and its shadow copies. Guarded by the cluster's lock. */
final class SimulatedNode {
    final String name;
    final NodeVolume systemVolume;
    final List<ShadowCopy> shadowCopies = new ArrayList<>();
    NodeState state = NodeState.UP;

    @Nullable
    Integer statusInformation = 0;

    WindowsVersion version = new WindowsVersion(10, 0);

    /** False while the machine is off; an isolated node is on. */
    boolean powered = true;

    long shadowCopyQueries;

    private final Map<String, SimulatedService> services = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private int sessions;

    SimulatedNode(String name, int number) {
        this.name = name;
        this.systemVolume = new NodeVolume(
                String.format(Locale.ROOT, "\\\\?\\Volume{5f0c9a10-0000-4000-a000-%012x}\\", number), "C:", "NTFS");
        services.put(Cluster.VSS, new SimulatedService(1000L * number));
        services.put(Cluster.SOFTWARE_PROVIDER, new SimulatedService(1000L * number + 500));
    }

    Node node() {
        return new Node(name, state, version.isOlderThan2016() ? null : statusInformation).withVersion(version);
    }

    void openSession(Instant now) {
        useVss(now);
        sessions++;
    }

    void closeSession(Instant now) {
        useVss(now);
        sessions = Math.max(0, sessions - 1);
    }

    /** A query to VSS starts it, and VSS starts its provider. */
    void useVss(Instant now) {
        services.values().forEach(service -> service.use(sessions > 0, now));
    }

    /** Null if the node has no such service. */
    @Nullable
    SimulatedService service(String service) {
        return services.get(service);
    }

    /** Null if the node has no such service. */
    @Nullable
    ServiceStatus status(String service, Instant now) {
        SimulatedService known = services.get(service);
        return known == null ? null : known.status(sessions > 0, now);
    }

    void powerOff() {
        powered = false;
        sessions = 0;
        services.values().forEach(SimulatedService::powerOff);
        shadowCopies.removeIf(copy -> !copy.persistent());
    }
}
