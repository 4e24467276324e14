package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.WindowsVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes, volumes, backups and the cluster's own time. One lock guards everything; no method blocks. */
final class ClusterModel {
    static final String FIRST_NODE = "NODE1";

    private final Clock clock;
    private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    private final List<SimulatedVolume> volumes = new ArrayList<>();
    /** By the id and by the name of the disk. */
    private final Map<String, SimulatedVolume> byDisk = new HashMap<>();

    private @Nullable SimulatedMachines machines;

    private Duration ahead = Duration.ZERO;
    private long clearCalls;

    ClusterModel(Clock clock, int nodeCount, int volumeCount) {
        this.clock = clock;
        for (int n = 1; n <= nodeCount; n++) {
            nodes.put("NODE" + n, new SimulatedNode("NODE" + n, n));
        }
        List<String> owners = List.copyOf(nodes.keySet());
        for (int v = 1; v <= volumeCount; v++) {
            SimulatedVolume volume = new SimulatedVolume(v, owners.get((v - 1) % nodeCount));
            volumes.add(volume);
            byDisk.put(volume.resourceId(), volume);
            byDisk.put(volume.resourceName(), volume);
        }
    }

    synchronized Instant now() {
        return clock.instant().plus(ahead);
    }

    synchronized void advance(long seconds) {
        if (seconds < 0) {
            throw new IllegalArgumentException(
                    "advance(" + seconds + "): time only goes forward; use 0 or more seconds.");
        }
        ahead = ahead.plusSeconds(seconds);
    }

    List<String> nodeNames() {
        return List.copyOf(nodes.keySet());
    }

    /** The node's name as the cluster spells it; null if there is no such node. */
    @Nullable
    String nameOf(String node) {
        return nodes.keySet().stream()
                .filter(name -> name.equalsIgnoreCase(node))
                .findFirst()
                .orElse(null);
    }

    synchronized boolean isPowered(String node) {
        return node(node).powered;
    }

    synchronized List<Node> nodes() {
        return nodes.values().stream().map(SimulatedNode::node).toList();
    }

    synchronized List<Volume> volumes() {
        Instant now = now();
        return volumes.stream().map(volume -> volume.volume(now)).toList();
    }

    /** The names of all disks. */
    synchronized List<String> disks() {
        return volumes.stream().map(SimulatedVolume::resourceName).toList();
    }

    /**
     * The volume on a disk; null if there is no such disk.
     *
     * @param disk its id or name
     */
    synchronized @Nullable Volume volumeOn(String disk) {
        SimulatedVolume volume = byDisk.get(disk);
        return volume == null ? null : volume.volume(now());
    }

    synchronized boolean isReachable(String node) {
        SimulatedNode known = node(node);
        return known.powered && !known.state.isDown();
    }

    /** Null if there is no such service. */
    synchronized @Nullable ServiceStatus service(String node, String service) {
        return node(node).status(service, now());
    }

    synchronized ShadowCopies queryShadowCopies(String node) {
        SimulatedNode asked = node(node);
        asked.shadowCopyQueries++;
        ServiceStatus vssBefore = asked.status(Cluster.VSS, now());
        asked.useVss(now());
        return new ShadowCopies(asked.shadowCopies, Objects.requireNonNull(vssBefore), List.of(asked.systemVolume));
    }

    /** How often each node was asked, by its name. */
    synchronized Map<String, Long> shadowCopyQueries() {
        Map<String, Long> queries = new LinkedHashMap<>();
        nodes.values().forEach(node -> queries.put(node.name, node.shadowCopyQueries));
        return queries;
    }

    synchronized void countClear() {
        clearCalls++;
    }

    synchronized long clearCalls() {
        return clearCalls;
    }

    synchronized void setIo(String path, String node, SimulatedIo io) {
        SimulatedVolume volume = volume(path);
        Map<String, SimulatedIo> changed = new HashMap<>(volume.io);
        if (io.equals(SimulatedIo.DIRECT)) {
            changed.remove(node(node).name);
        } else {
            changed.put(node(node).name, io);
        }
        volume.io = Map.copyOf(changed);
    }

    synchronized void setFault(String path, FaultState fault) {
        volume(path).fault = fault;
    }

    synchronized SimulatedIo io(VolumeKey key, String node) {
        SimulatedVolume volume = known(key);
        if (volume == null) {
            return SimulatedIo.DIRECT;
        }
        return volume.io.getOrDefault(
                node,
                volume.volume(now()).backupState().isInProgress() ? SimulatedIo.IN_BACKUP_MODE : SimulatedIo.DIRECT);
    }

    private @Nullable SimulatedVolume known(VolumeKey key) {
        SimulatedVolume volume = byDisk.get(key.resourceId());
        return volume != null && volume.guidName().equals(key.guidName()) ? volume : null;
    }

    /** Clears without regard to backups. False if the volume is unknown. */
    synchronized boolean clear(VolumeKey key) {
        SimulatedVolume volume = known(key);
        if (volume != null) {
            volume.leaveBackupMode();
        }
        return volume != null;
    }

    synchronized void prepare(String path, String node) {
        SimulatedVolume volume = volume(path);
        SimulatedNode host = node(node);
        requireAlive(host);
        requireNoBackup(volume, host);
        volume.prepare(now());
        volume.backups.add(new SimulatedBackup(host.name, null, false));
    }

    /** @param persistent its shadow copy is persistent, and its VSS session ends at once */
    synchronized void start(String path, String node, boolean persistent) {
        SimulatedVolume volume = volume(path);
        SimulatedNode host = node(node);
        requireAlive(host);
        SimulatedBackup prepared = volume.backupOn(host.name);
        if (prepared == null) {
            volume.prepare(now());
        } else if (prepared.shadowCopy() != null) {
            requireNoBackup(volume, host);
        }
        host.openSession(now());
        volume.detect();
        ShadowCopy copy = copy(volume.guidName(), host, persistent);
        host.shadowCopies.add(copy);
        if (persistent) {
            host.closeSession(now());
        }
        SimulatedBackup started = new SimulatedBackup(host.name, copy.id(), persistent);
        if (prepared == null) {
            volume.backups.add(started);
        } else {
            volume.backups.set(volume.backups.indexOf(prepared), started);
        }
    }

    /** The backup that began first; the mode ends with the last of overlapping backups. */
    synchronized void complete(String path) {
        SimulatedVolume volume = volume(path);
        SimulatedBackup completed = firstBackup(volume);
        end(volume, completed);
        if (completed.persistent()) {
            delete(completed);
        }
        if (volume.backups.isEmpty()) {
            volume.leaveBackupMode();
        }
    }

    /** The backup that began first; a persistent copy of it stays. */
    synchronized SimulatedBackup kill(String path) {
        SimulatedVolume volume = volume(path);
        SimulatedBackup killed = firstBackup(volume);
        end(volume, killed);
        return killed;
    }

    private void end(SimulatedVolume volume, SimulatedBackup backup) {
        if (backup.shadowCopy() != null && !backup.persistent()) {
            delete(backup);
            node(backup.node()).closeSession(now());
        }
        volume.backups.remove(backup);
    }

    private void delete(SimulatedBackup backup) {
        node(backup.node()).shadowCopies.removeIf(copy -> copy.id().equals(backup.shadowCopy()));
    }

    synchronized void move(String path, String node) {
        SimulatedNode to = node(node);
        if (!to.powered || !to.state.equals(NodeState.UP)) {
            throw new IllegalArgumentException(
                    to.name + " is " + to.state + "; a volume moves only to a node that is UP.");
        }
        takeOver(volume(path), to);
    }

    /** A move passes through offline, which ends backup mode; a backup program on another node goes on. */
    private static void takeOver(SimulatedVolume volume, SimulatedNode to) {
        volume.leaveBackupMode();
        volume.owner = to.name;
    }

    /** A running backup and the state stay: the GUID name identifies the volume, not its path. */
    synchronized void rename(String path, String name) {
        SimulatedVolume volume = volume(path);
        if (name == null || name.isEmpty() || name.endsWith("\\")) {
            throw new IllegalArgumentException(
                    "The name \"" + name + "\" is empty or ends with a backslash; use the folder's name below "
                            + SimulatedVolume.ROOT + ".");
        }
        for (SimulatedVolume other : volumes) {
            if (other != volume && other.path().equalsIgnoreCase(SimulatedVolume.ROOT + name)) {
                throw new IllegalArgumentException(
                        "The name \"" + name + "\" belongs to another volume; choose another name.");
            }
        }
        volume.rename(name);
    }

    /** Sets a node's state. A node that leaves the cluster hands over its volumes; one that is powered off loses its backups. */
    synchronized void setNode(String name, NodeState state, @Nullable Integer statusInformation, boolean powered) {
        SimulatedNode node = node(name);
        node.state = state;
        node.statusInformation = statusInformation;
        if (!powered) {
            for (SimulatedVolume volume : volumes) {
                SimulatedBackup backup = volume.backupOn(node.name);
                if (backup != null) {
                    end(volume, backup);
                }
            }
            node.powerOff();
        }
        node.powered = powered;
        if (state.isDown()) {
            nodes.values().stream()
                    .filter(other -> other.state.equals(NodeState.UP))
                    .findFirst()
                    .ifPresent(heir -> volumes.stream()
                            .filter(volume -> volume.owner.equals(node.name))
                            .forEach(volume -> takeOver(volume, heir)));
        }
    }

    synchronized void setVersion(String node, WindowsVersion version) {
        node(node).version = version;
    }

    /** False if there is no such service. */
    synchronized boolean setService(String node, String service, int state) {
        SimulatedService known = node(node).service(service);
        if (known == null) {
            return false;
        }
        known.set(state, now());
        return true;
    }

    synchronized String addShadowCopy(String path, String node, boolean persistent) {
        SimulatedNode host = node(node);
        ShadowCopy copy = copy(volume(path).guidName(), host, persistent);
        host.shadowCopies.add(copy);
        return copy.id();
    }

    /** A persistent copy that was made earlier. */
    synchronized String addOldShadowCopy(String path, String node, long ageSeconds) {
        SimulatedNode host = node(node);
        ShadowCopy copy = copy(volume(path).guidName(), host, true, now().minusSeconds(ageSeconds));
        host.shadowCopies.add(copy);
        return copy.id();
    }

    /** A copy whose volume the cluster does not list. */
    synchronized String addForeignShadowCopy(String volumeName, String node, boolean persistent) {
        SimulatedNode host = node(node);
        ShadowCopy copy = copy(volumeName, host, persistent);
        host.shadowCopies.add(copy);
        return copy.id();
    }

    synchronized int removeShadowCopies(String path) {
        String guid = volume(path).guidName();
        int removed = 0;
        for (SimulatedNode node : nodes.values()) {
            int before = node.shadowCopies.size();
            node.shadowCopies.removeIf(copy -> copy.volumeName().equals(guid));
            removed += before - node.shadowCopies.size();
        }
        return removed;
    }

    private ShadowCopy copy(String volumeName, SimulatedNode host, boolean persistent) {
        return copy(volumeName, host, persistent, now());
    }

    private static ShadowCopy copy(String volumeName, SimulatedNode host, boolean persistent, Instant created) {
        return new ShadowCopy(
                "{" + UUID.randomUUID() + "}",
                "{" + UUID.randomUUID() + "}",
                "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                volumeName,
                host.name,
                persistent,
                ShadowCopy.CREATED,
                created);
    }

    synchronized Volume volumeAt(String path) {
        return volume(path).volume(now());
    }

    synchronized boolean timerRuns(String path) {
        SimulatedVolume volume = volume(path);
        return volume.backupState(now()).isInProgress() && volume.timerRuns();
    }

    /** Made when somebody asks: the start of an agent must not load more classes. */
    synchronized SimulatedMachines machines() {
        SimulatedMachines made = machines;
        if (made == null) {
            made = new SimulatedMachines(this);
            machines = made;
        }
        return made;
    }

    synchronized WindowsVersion version(String node) {
        return node(node).version;
    }

    private SimulatedNode node(String name) {
        for (SimulatedNode node : nodes.values()) {
            if (node.name.equalsIgnoreCase(name)) {
                return node;
            }
        }
        throw new IllegalArgumentException(
                "Unknown node \"" + name + "\"; allowed: " + String.join(", ", nodes.keySet()) + ".");
    }

    private SimulatedVolume volume(String path) {
        String bare = path != null && path.endsWith("\\") ? path.substring(0, path.length() - 1) : path;
        for (SimulatedVolume volume : volumes) {
            if (volume.path().equalsIgnoreCase(bare)) {
                return volume;
            }
        }
        throw new IllegalArgumentException("Unknown volume \"" + path + "\"; allowed: "
                + volumes.stream().map(SimulatedVolume::path).collect(Collectors.joining(", ")) + ".");
    }

    private static void requireAlive(SimulatedNode node) {
        if (!node.powered) {
            throw new IllegalArgumentException(node.name + " is off; choose a running node.");
        }
    }

    private static void requireNoBackup(SimulatedVolume volume, SimulatedNode node) {
        if (volume.backupOn(node.name) != null) {
            throw new IllegalArgumentException("A backup of " + volume.path() + " is already running on " + node.name
                    + "; complete or kill it first, or choose another node.");
        }
    }

    private static SimulatedBackup firstBackup(SimulatedVolume volume) {
        if (volume.backups.isEmpty()) {
            throw new IllegalArgumentException("No backup of " + volume.path() + " is running; start one first.");
        }
        return volume.backups.get(0);
    }
}
