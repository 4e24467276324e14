package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.BoundedChecks;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of this Windows node. Handles stay open between reads; each call has its own, so one that hangs does not block others. Nothing
 * is called before the first read, so a node may join its cluster later.
 */
public final class WindowsCluster implements Cluster {
    private static final String WINDOWS_SERVER_2008_R2 = "6.1";
    private static final int MACHINE_CALLS_AT_ONCE = 4;
    private static final Duration DISK_COUNT_TIME = Duration.ofSeconds(20);
    private static final int DISK_COUNT_ENTRIES = 100_000;

    private final BackupStateSupport support;
    private final Duration shadowCopyDeadline;
    private final SessionPool sessions = new SessionPool(this::openSession);
    private volatile @Nullable Libraries libraries;
    private volatile @Nullable IoStates ioStates;
    private volatile @Nullable String localNode;
    private volatile ZoneOffset localOffset = ZoneOffset.UTC;
    private final Map<String, List<Volume>> volumesByDisk = new ConcurrentHashMap<>();
    private final UnaryOperator<String> properties;
    private final BoundedCalls machineCalls = new BoundedCalls(MACHINE_CALLS_AT_ONCE);

    private WindowsCluster(UnaryOperator<String> properties, Duration shadowCopyDeadline) {
        this.properties = properties;
        this.support = support(properties);
        this.shadowCopyDeadline = shadowCopyDeadline;
    }

    /**
     * The cluster of the machine that this JVM runs on. Calls nothing yet.
     *
     * @param shadowCopyDeadline how long a node may take to list its shadow copies
     * @throws ClusterException with a message for users, if this machine cannot have one
     */
    public static WindowsCluster open(Duration shadowCopyDeadline) throws ClusterException {
        return open(name -> System.getProperty(name, ""), shadowCopyDeadline);
    }

    static WindowsCluster open(UnaryOperator<String> properties, Duration shadowCopyDeadline) throws ClusterException {
        requireWindows(properties);
        return new WindowsCluster(properties, shadowCopyDeadline);
    }

    /** For tests: with these libraries. */
    static WindowsCluster with(Libraries libraries) {
        WindowsCluster cluster = new WindowsCluster(name -> "", Duration.ZERO);
        cluster.libraries = libraries;
        return cluster;
    }

    static void requireWindows(UnaryOperator<String> properties) throws ClusterException {
        String os = properties.apply("os.name");
        if (!os.toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw ClusterException.unavailable(
                    "backend=windows needs a node of a Windows failover cluster, but this is " + os,
                    "Use backend=simulated here.");
        }
        if (!properties.apply("os.arch").contains("64")) {
            throw ClusterException.unavailable(
                    "this is a 32-bit Java, which sees a wrong cluster state on 64-bit Windows", "Use a 64-bit Java.");
        }
    }

    static BackupStateSupport support(UnaryOperator<String> properties) {
        return properties.apply("os.version").equals(WINDOWS_SERVER_2008_R2)
                ? BackupStateSupport.DOCUMENTED
                : BackupStateSupport.UNVERIFIED;
    }

    @Override
    public Backend backend() {
        return Backend.WINDOWS;
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return support;
    }

    private Libraries libraries() throws ClusterException {
        Libraries loaded = libraries;
        if (loaded == null) {
            loaded = Libraries.load();
            libraries = loaded;
        }
        return loaded;
    }

    private ClusterSession openSession() throws ClusterException {
        Libraries loaded = libraries();
        return ClusterSession.open(loaded.clusApi(), loaded.system());
    }

    private String localNode() throws ClusterException {
        String known = localNode;
        if (known == null) {
            known = libraries().system().computerName();
            localNode = known;
        }
        return known;
    }

    /** The machine name for a call to a node's services: null for this node, which is asked without the network. */
    private @Nullable String machine(String node) throws ClusterException {
        return node.equalsIgnoreCase(localNode()) ? null : node;
    }

    @Override
    public ZoneOffset localOffset() {
        return localOffset;
    }

    @Override
    public List<Finding> machine(Duration deadline) {
        return new MachineCheck(properties, new BoundedChecks(machineCalls, deadline)).run(support, this::libraries);
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        String local = localNode();
        localOffset = libraries().system().localOffset();
        ClusterOverview overview = sessions.read((session, justOpened) -> session.overview(local, justOpened));
        sessions.keepOnly(overview.disks());
        volumesByDisk.keySet().retainAll(overview.disks());
        return overview;
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        return sessions.read((session, justOpened) -> session.state(disk));
    }

    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        List<Volume> volumes = sessions.read((session, justOpened) -> session.volumes(disk));
        volumesByDisk.put(disk, volumes);
        return volumes;
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        Libraries loaded = libraries();
        return new ServiceManager(loaded.advapi32(), loaded.system()).status(machine(node), service);
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        return new ShadowCopyQuery(powerShell(shadowCopyDeadline)).list(machine(node));
    }

    /** May take four times as long as a list of shadow copies: a node may have a thousand machines. */
    @Override
    public Optional<List<VirtualMachine>> virtualMachines() throws ClusterException {
        return new MachineQuery(powerShell(shadowCopyDeadline.multipliedBy(4))).list();
    }

    @Override
    public DifferencingDisks differencingDisks(List<String> folders) throws ClusterException {
        return new DiskCount(DISK_COUNT_TIME, DISK_COUNT_ENTRIES, System::nanoTime).below(folders);
    }

    private WindowsPowerShell powerShell(Duration deadline) throws ClusterException {
        return new WindowsPowerShell(libraries().system().systemDirectory(), deadline);
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) throws ClusterException {
        IoStates known = ioStates;
        if (known == null) {
            Libraries loaded = libraries();
            known = new IoStates(loaded.clusApi(), loaded.system());
            ioStates = known;
        }
        return known.read(disk, volumesByDisk.getOrDefault(disk, List.of()));
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        Libraries loaded = libraries();
        int code = loaded.resUtils().ClusterClearBackupStateForSharedVolume(root);
        loaded.system().check("ClusterClearBackupStateForSharedVolume", code);
    }

    @Override
    public void close() {
        sessions.close();
    }
}
