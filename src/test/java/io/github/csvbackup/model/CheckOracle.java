package io.github.csvbackup.model;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees each answer of the cluster and so knows when a check may pass. It is independent of how the agent stores those answers.
 */
final class CheckOracle {
    private static final Duration DENIED_FOR = Duration.ofHours(1);

    private final WatchSettings settings;
    private final Map<String, ServiceLooks> services = new HashMap<>();
    /** What the agents of nodes said last. */
    private final Map<String, ServiceLooks> told = new HashMap<>();
    /** The services that some source saw not stopped and none saw stopped since then. */
    private final Set<String> ran = new HashSet<>();
    /** The first look of any source that saw a service stopped after one that did not. */
    private final Map<String, Instant> stoppedAgain = new HashMap<>();
    /** When nodes denied access, by node and kind. */
    private final Map<String, Long> denied = new HashMap<>();

    private @Nullable String askedAfterDenial;
    private final Map<String, Instant> downSince = new HashMap<>();
    /** The services that nodes did not answer for in the last poll. */
    private final Set<String> silent = new HashSet<>();

    private @Nullable ClusterOverview last;
    private @Nullable String localNode;
    /** In the last poll; without it the services are unknown. */
    private boolean servicesRead;

    private @Nullable Instant lastRead;
    private final Map<VolumeName, SeenVolume> volumes = new EnumMap<>(VolumeName.class);

    /** The consecutive checks that saw a service stopped. */
    private record ServiceLooks(Instant since, Instant latest) {}

    CheckOracle(WatchSettings settings) {
        this.settings = settings;
        restart();
    }

    /** The agent starts again and has not seen anything. */
    void restart() {
        last = null;
        localNode = null;
        lastRead = null;
        for (VolumeName volume : VolumeName.values()) {
            volumes.put(volume, new SeenVolume(settings));
        }
        services.clear();
        forgetAgents();
        denied.clear();
        downSince.clear();
        silent.clear();
    }

    private void forgetAgents() {
        told.clear();
        ran.clear();
        stoppedAgain.clear();
    }

    /** The cluster was read; null if that failed. */
    void overview(@Nullable ClusterOverview overview, Instant at) {
        boolean gap = lastRead == null || Duration.between(lastRead, at).compareTo(settings.gap()) > 0;
        Instant before = lastRead;
        if (before != null) {
            // Another source answered in the last poll.
            services.values().removeIf(looks -> looks.latest().isBefore(before));
        }
        if (last != null && !servicesRead) {
            forgetAgents();
        }
        if (gap || !servicesRead || overview == null) {
            services.clear();
        }
        servicesRead = false;
        last = overview;
        lastRead = at;
        silent.clear();
        if (gap || overview == null) {
            downSince.clear();
        }
        if (overview == null) {
            volumes.values().forEach(volume -> volume.clusterUnread(localNode));
        } else {
            localNode = overview.localNode();
            overview.nodes()
                    .forEach(node -> downSince.compute(
                            node.name(), (name, since) -> !node.state().isDown() ? null : since == null ? at : since));
            overview.nodes().stream().filter(Node::isProvenDown).forEach(this::forget);
        }
    }

    private void forget(Node node) {
        for (Set<String> keys : List.of(services.keySet(), told.keySet(), ran, stoppedAgain.keySet())) {
            keys.removeIf(key -> key.endsWith(" " + node.name()));
        }
    }

    /** A disk of that overview was read; without volumes if that failed. */
    void volumes(String disk, List<Volume> read, Instant at) {
        if (last != null) {
            seen(VolumeName.onDisk(disk)).read(read, at);
        }
    }

    private SeenVolume seen(VolumeName volume) {
        return Objects.requireNonNull(volumes.get(volume));
    }

    /** A node was asked for a service; null if it did not answer. */
    void service(String service, String node, @Nullable ServiceStatus status, Instant at) {
        String key = service + " " + node;
        servicesRead = true;
        if (status == null) {
            silent.add(key);
        }
        seen(key, status, at);
        if (status == null || !status.isStopped()) {
            services.remove(key);
        } else {
            services.merge(key, new ServiceLooks(at, at), (earlier, now) -> new ServiceLooks(earlier.since(), at));
        }
    }

    /** The agent of a node said this about a service there. */
    void toldByAgent(String service, String node, PeerEvidence.Seen seen, Instant at) {
        String key = service + " " + node;
        servicesRead = true;
        ServiceStatus status = seen.status();
        seen(key, status, at);
        if (status != null && status.isStopped()) {
            told.put(key, new ServiceLooks(at.minus(seen.stoppedFor()), at));
        }
    }

    /** What forbids wins: a source that sees a service not stopped ends the looks of all. */
    private void seen(String key, @Nullable ServiceStatus status, Instant at) {
        if (status != null && !status.isStopped()) {
            services.remove(key);
            told.remove(key);
            ran.add(key);
        } else if (status != null && ran.remove(key)) {
            stoppedAgain.put(key, at);
        }
    }

    /** How long this agent itself has seen the service stopped. */
    Duration stoppedForOtherSource(String service, String node) {
        ServiceLooks looks = services.get(service + " " + node);
        return looks == null ? Duration.ZERO : Duration.between(looks.since(), looks.latest());
    }

    /**
     * This agent itself asked a node.
     *
     * @param place the node and the kind of question
     */
    void asked(String place, long nanos, boolean denies) {
        Long before = denied.get(place);
        if (before != null && nanos - before < DENIED_FOR.toNanos()) {
            askedAfterDenial = place;
        }
        if (denies) {
            denied.put(place, nanos);
        } else {
            denied.remove(place);
        }
    }

    /** A node that was asked within an hour after it denied access; null if none was. */
    @Nullable
    String askedAfterDenial() {
        return askedAfterDenial;
    }

    /** True if a check of this name may pass for the volume now. */
    boolean mayPass(VolumeName volume, String check, Instant now) {
        String[] name = check.split(" ", 2);
        return switch (name[0]) {
            case "poll-fresh" ->
                last != null
                        && lastRead != null
                        && Duration.between(lastRead, now).compareTo(settings.freshFor()) <= 0
                        && seen(volume).isFresh(now);
            case "resource-online" -> seen(volume).isOnline();
            case "state-set" -> seen(volume).isSet();
            case "observed-long-enough" -> seen(volume).isObservedLongEnough();
            case "node-accounted" -> name.length == 2 && isAccounted(name[1]);
            case "vss-stopped" -> mayBeTakenForQuiet(Cluster.VSS, name[1]);
            case "swprv-stopped" -> mayBeTakenForQuiet(Cluster.SOFTWARE_PROVIDER, name[1]);
            case "shadow-copies" -> true; // the promises look at what is alive when a clear is executed
            case "machines" -> false; // it is there only while a machine says that it is being backed up
            default -> throw new IllegalArgumentException("The oracle does not know the check " + check);
        };
    }

    private boolean mayBeTakenForQuiet(String service, String node) {
        return isQuiet(service + " " + node) || (isDeadByOldRule(node) && isSilent(service, node));
    }

    /** A failure that stands because the node denied access counts, too. */
    private boolean isSilent(String service, String node) {
        return silent.contains(service + " " + node) || denied.containsKey(node + " OpenSCManager");
    }

    /** Down at every poll for quiet-time, in a cluster whose Windows does not isolate nodes, and not the agent's own node. */
    private boolean isDeadByOldRule(String name) {
        Instant since = downSince.get(name);
        return last != null
                && lastRead != null
                && since != null
                && !name.equals(last.localNode())
                && Duration.between(since, lastRead).compareTo(settings.quietTime()) >= 0
                && last.nodes().stream()
                        .allMatch(
                                node -> node.version() != null && node.version().isOlderThan2016());
    }

    private boolean isAccounted(String name) {
        if (isDeadByOldRule(name)) {
            return true;
        }
        return last != null
                && last.nodes().stream()
                        .filter(node -> node.name().equals(name))
                        .allMatch(node -> (node.isProvenDown() && !name.equals(last.localNode()))
                                || (node.state().code() >= 0 && !node.state().isDown()));
    }

    private boolean isQuiet(String key) {
        return isQuiet(key, services.get(key)) || isQuiet(key, told.get(key));
    }

    /** The looks of one source. */
    private boolean isQuiet(String key, @Nullable ServiceLooks looks) {
        if (looks == null || lastRead == null || looks.latest().isBefore(lastRead)) {
            return false;
        }
        Instant since = looks.since();
        Instant again = stoppedAgain.getOrDefault(key, since);
        return Duration.between(since.isBefore(again) ? again : since, looks.latest())
                        .compareTo(settings.quietTime())
                >= 0;
    }
}
