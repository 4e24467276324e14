package io.github.csvbackup.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster of NODE1 and NODE2 with Volume1 and Volume10 whose answers a test sets. */
public final class StubCluster implements Cluster {
    public static final String VOLUME1 = "C:\\ClusterStorage\\Volume1";
    public static final String VOLUME10 = "C:\\ClusterStorage\\Volume10";

    public final Map<String, Volume> volumes = new LinkedHashMap<>();
    public final Map<String, Node> nodes = new LinkedHashMap<>();
    public final Map<String, ServiceStatus> services = new LinkedHashMap<>();
    public final Map<String, ServiceStatus> softwareProviders = new LinkedHashMap<>();
    public final Map<String, List<ShadowCopy>> shadowCopies = new LinkedHashMap<>();
    public final List<NodeVolume> ownVolumes = new CopyOnWriteArrayList<>();
    public final List<UnreadableDisk> unreadable = new ArrayList<>();
    /** The names of disks that are listed and of which nothing else can be read, not even the id. */
    public final List<String> hiddenDisks = new ArrayList<>();
    /** Disks without a volume. */
    public final List<SharedDisk> emptyDisks = new ArrayList<>();

    public volatile String ownerOfUnreadable = "NODE1";
    public final List<String> cleared = new CopyOnWriteArrayList<>();
    public final List<String> askedForShadowCopies = new CopyOnWriteArrayList<>();
    public final List<String> silentForShadowCopies = new CopyOnWriteArrayList<>();
    public final List<String> silentServices = new CopyOnWriteArrayList<>();
    public final List<String> deniedServices = new CopyOnWriteArrayList<>();
    public volatile @Nullable ClusterException readFailure;
    public volatile @Nullable ClusterException serviceFailure;
    public volatile @Nullable ClusterException shadowCopyFailure;
    public volatile @Nullable ClusterException clearFailure;
    public volatile @Nullable ClusterException ioFailure;
    public volatile List<VolumeIoState> io = List.of();
    private final AtomicLong processes = new AtomicLong(4000);
    public volatile boolean lyingClear;
    /** Otherwise VSS keeps running after a query that started it. */
    public volatile boolean vssStopsAfterAQuestion;

    public volatile Runnable beforeRereading = () -> {};
    public volatile Runnable beforeReading = () -> {};
    /** Receives the name or id by which a disk is read. */
    public volatile Consumer<String> beforeDisk = disk -> {};

    public volatile Runnable beforeIo = () -> {};
    /** True: whoever reads makes its calls on its own thread, and each answer is there at once. */
    public volatile boolean answersAtOnce;

    public volatile Runnable duringClear = () -> {};
    public volatile Runnable onShadowCopies = () -> {};
    public volatile Consumer<String> beforeAnsweringForShadowCopies = node -> {};
    public volatile Consumer<String> afterAnsweringForShadowCopies = node -> {};
    public volatile Runnable onService = () -> {};
    /** Receives the node whose service is read. */
    public volatile Consumer<String> beforeService = node -> {};

    public StubCluster() {
        for (int n : List.of(1, 10)) {
            put(new Volume(
                    "id-" + n,
                    "Cluster Disk " + n,
                    "NODE1",
                    ResourceState.ONLINE,
                    "C:\\ClusterStorage\\Volume" + n,
                    guid(n),
                    FaultState.NO_FAULTS,
                    BackupState.NONE));
        }
        for (String node : List.of("NODE1", "NODE2")) {
            nodes.put(node, new Node(node, NodeState.UP, 0));
            services.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            softwareProviders.put(node, new ServiceStatus(ServiceStatus.STOPPED, null, null));
            shadowCopies.put(node, List.of());
        }
    }

    /** For tests with many nodes: otherwise each poll waits for a thread per node. */
    public static StubCluster thatAnswersAtOnce() {
        StubCluster cluster = new StubCluster();
        cluster.answersAtOnce = true;
        return cluster;
    }

    public static String guid(int n) {
        return String.format("\\\\?\\Volume{00000000-0000-0000-0000-%012d}\\", n);
    }

    public void put(Volume volume) {
        volumes.put(volume.friendlyPath(), volume);
    }

    public void set(String path, BackupState state) {
        put(in(volumes.get(path), state));
    }

    /** The volume in another backup state. */
    public static Volume in(Volume v, BackupState state) {
        return new Volume(
                v.resourceId(),
                v.resourceName(),
                v.ownerNode(),
                v.resourceState(),
                v.friendlyPath(),
                v.guidName(),
                v.faultState(),
                state);
    }

    /** Gives a volume another friendly path; it stays under the key of the old one. */
    public void rename(String key, String path) {
        Volume v = volumes.get(key);
        volumes.put(
                key,
                new Volume(
                        v.resourceId(),
                        v.resourceName(),
                        v.ownerNode(),
                        v.resourceState(),
                        path,
                        v.guidName(),
                        v.faultState(),
                        v.backupState()));
    }

    public void own(String path, String node) {
        Volume v = volumes.get(path);
        put(new Volume(
                v.resourceId(),
                v.resourceName(),
                node,
                v.resourceState(),
                path,
                v.guidName(),
                v.faultState(),
                v.backupState()));
    }

    @Override
    public Backend backend() {
        return Backend.SIMULATED;
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return BackupStateSupport.SIMULATED;
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        beforeReading.run();
        raise(readFailure);
        return new ClusterOverview(
                "CLUSTER",
                "NODE1",
                List.copyOf(nodes.values()),
                Stream.of(
                                volumes.values().stream().map(Volume::resourceName),
                                unreadable.stream().map(UnreadableDisk::resourceName),
                                emptyDisks.stream().map(SharedDisk::name))
                        .flatMap(names -> names)
                        .distinct()
                        .toList());
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        raise(readFailure);
        raise(hiddenDisks.contains(disk) ? ClusterException.win32("OpenClusterResourceEx", 5) : null);
        for (SharedDisk each : emptyDisks) {
            if (isThat(each, disk)) {
                return each;
            }
        }
        for (UnreadableDisk each : unreadable) {
            if (each.resource().equals(disk) || each.resourceName().equals(disk)) {
                return new SharedDisk(each.resource(), each.resourceName(), ownerOfUnreadable, ResourceState.ONLINE);
            }
        }
        return volumes.values().stream()
                .filter(volume -> isOn(volume, disk))
                .findFirst()
                .map(each ->
                        new SharedDisk(each.resourceId(), each.resourceName(), each.ownerNode(), each.resourceState()))
                .orElseThrow(() -> ClusterException.win32("OpenClusterResourceEx", Win32Error.RESOURCE_NOT_FOUND));
    }

    private static boolean isThat(SharedDisk disk, String named) {
        return disk.id().equals(named) || disk.name().equals(named);
    }

    /** By the name for a poll, by the id for a clear that reads again. */
    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        beforeDisk.accept(disk);
        List<Volume> found =
                volumes.values().stream().filter(volume -> isOn(volume, disk)).toList();
        if (found.stream().anyMatch(volume -> volume.resourceId().equals(disk))) {
            beforeRereading.run();
        }
        raise(readFailure);
        for (UnreadableDisk each : unreadable) {
            raise(each.resource().equals(disk) || each.resourceName().equals(disk) ? each.problem() : null);
        }
        List<Volume> now =
                volumes.values().stream().filter(volume -> isOn(volume, disk)).toList();
        boolean exists = !now.isEmpty() || emptyDisks.stream().anyMatch(each -> isThat(each, disk));
        raise(!exists ? ClusterException.win32("OpenClusterResourceEx", Win32Error.RESOURCE_NOT_FOUND) : null);
        return now;
    }

    private static boolean isOn(Volume volume, String disk) {
        return volume.resourceId().equals(disk) || volume.resourceName().equals(disk);
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        onService.run();
        beforeService.accept(node);
        raise(serviceFailure);
        raise(deniedServices.contains(node) ? ClusterException.win32("OpenSCManager", 5) : null);
        raise(silentServices.contains(node) ? ClusterException.win32("OpenSCManager", 1722) : null);
        return (service.equals(VSS) ? services : softwareProviders).get(node);
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        onShadowCopies.run();
        askedForShadowCopies.add(node);
        raise(shadowCopyFailure);
        beforeAnsweringForShadowCopies.accept(node);
        raise(silentForShadowCopies.contains(node) ? ClusterException.win32("Win32_ShadowCopy", 1722) : null);
        ServiceStatus before = services.get(node);
        if (before.isStopped()) {
            startVss(node);
        }
        afterAnsweringForShadowCopies.accept(node);
        if (before.isStopped() && vssStopsAfterAQuestion) {
            services.put(node, before);
        }
        return new ShadowCopies(shadowCopies.get(node), before, ownVolumes);
    }

    /** A new process of the service. */
    public void startVss(String node) {
        services.put(node, new ServiceStatus(ServiceStatus.RUNNING, processes.incrementAndGet(), null));
    }

    public void stopVss() {
        services.replaceAll((node, status) -> new ServiceStatus(ServiceStatus.STOPPED, null, null));
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) throws ClusterException {
        beforeIo.run();
        raise(ioFailure);
        return io.stream()
                .filter(state -> volumes.values().stream()
                        .anyMatch(volume -> volume.guidName().equals(state.guidName()) && isOn(volume, disk)))
                .toList();
    }

    @Override
    public boolean neverBlocks() {
        return answersAtOnce;
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        cleared.add(root);
        duringClear.run();
        raise(clearFailure);
        if (!lyingClear) {
            volumes.replaceAll((name, each) -> each.key().equals(volume.key()) ? in(each, BackupState.NONE) : each);
        }
    }

    @Override
    public void close() {}

    private static void raise(@Nullable ClusterException failure) throws ClusterException {
        if (failure != null) {
            throw failure;
        }
    }
}
