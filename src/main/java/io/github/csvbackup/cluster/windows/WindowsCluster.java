package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.Win32Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of this Windows node. Each reading opens its own handles, so that a call that hangs holds up no other. Service states,
 * shadow copies and the nodes' status information have no source yet: what would need them is unknown to the guard.
 */
public final class WindowsCluster implements Cluster {
    private static final String WINDOWS_SERVER_2008_R2 = "6.1";

    private final BackupStateSupport support;
    private final String localNode;
    private final Map<VolumeKey, String> resourceNames = new ConcurrentHashMap<>();
    private volatile @Nullable Libraries libraries;

    private WindowsCluster(BackupStateSupport support, String localNode) {
        this.support = support;
        this.localNode = localNode;
    }

    /**
     * The cluster of the machine that this JVM runs on. Calls nothing yet: a node may join its cluster later.
     *
     * @throws ClusterException with a sentence, if there can be none
     */
    public static WindowsCluster open() throws ClusterException {
        return open(
                name -> System.getProperty(name, ""), Objects.requireNonNullElse(System.getenv("COMPUTERNAME"), ""));
    }

    static WindowsCluster open(UnaryOperator<String> properties, String computerName) throws ClusterException {
        String os = properties.apply("os.name");
        if (!os.toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw ClusterException.unavailable(
                    "WindowsCluster",
                    "backend=windows needs a node of a Windows failover cluster, and this is " + os,
                    "Use backend=simulated here.");
        }
        if (!properties.apply("os.arch").contains("64")) {
            throw ClusterException.unavailable(
                    "WindowsCluster",
                    "this is a 32-bit Java, which sees a wrong cluster state on 64-bit Windows",
                    "Use a 64-bit Java.");
        }
        boolean documented = properties.apply("os.version").equals(WINDOWS_SERVER_2008_R2);
        return new WindowsCluster(
                documented ? BackupStateSupport.DOCUMENTED : BackupStateSupport.UNVERIFIED, computerName);
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

    private ClusterSession session() throws ClusterException {
        try {
            return ClusterSession.open(libraries().clusApi());
        } catch (UnsatisfiedLinkError e) {
            throw missingFunction(e);
        }
    }

    private static ClusterException missingFunction(UnsatisfiedLinkError e) {
        return ClusterException.unavailable(
                "GetProcAddress",
                "a function of the cluster's DLLs is missing: " + e.getMessage(),
                "The agent needs Windows Server 2008 R2 or newer.");
    }

    @Override
    public ClusterReading read() throws ClusterException {
        try (ClusterSession session = session()) {
            List<Node> nodes = new ArrayList<>();
            for (String name : session.names(ClusApi.CLUSTER_ENUM_NODE)) {
                nodes.add(session.node(name));
            }
            List<Volume> volumes = new ArrayList<>();
            List<UnreadableDisk> unreadable = new ArrayList<>();
            for (String resource : session.names(ClusApi.CLUSTER_ENUM_SHARED_VOLUME_RESOURCE)) {
                try {
                    volumes.addAll(session.volumes(resource));
                } catch (ClusterException e) {
                    unreadable.add(new UnreadableDisk(resource, resource, e));
                }
            }
            volumes.forEach(volume -> resourceNames.put(volume.key(), volume.resourceName()));
            return new ClusterReading(session.name(), localNode, nodes, volumes, unreadable);
        } catch (UnsatisfiedLinkError e) {
            throw missingFunction(e);
        }
    }

    @Override
    public Volume read(VolumeKey key) throws ClusterException {
        String resource = resourceNames.get(key);
        if (resource != null) {
            try (ClusterSession session = session()) {
                for (Volume volume : session.volumes(resource)) {
                    if (volume.key().equals(key)) {
                        return volume;
                    }
                }
            } catch (UnsatisfiedLinkError e) {
                throw missingFunction(e);
            }
        }
        throw ClusterException.win32("OpenClusterResourceEx", Win32Error.RESOURCE_NOT_FOUND);
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        throw ClusterException.unavailable(
                "QueryServiceStatusEx",
                "this version of the agent does not read service states on Windows, so the " + service + " service of "
                        + node + " is unknown",
                "Look yourself with: sc \\\\" + node + " query " + service
                        + ". A person who is sure that no backup runs can use forceClear, where allow-force=true is set.");
    }

    @Override
    public List<ShadowCopy> shadowCopies(String node) throws ClusterException {
        throw ClusterException.unavailable(
                "Win32_ShadowCopy",
                "this version of the agent does not read shadow copies on Windows, so those of " + node
                        + " are unknown",
                "Look yourself on " + node
                        + " with: vssadmin list shadows. That itself starts the VSS service there, for some minutes.");
    }

    @Override
    public void clear(Volume volume) throws ClusterException {
        int code;
        try {
            code = libraries().resUtils().ClusterClearBackupStateForSharedVolume(volume.root());
        } catch (UnsatisfiedLinkError e) {
            throw missingFunction(e);
        }
        if (code != 0) {
            throw ClusterException.win32("ClusterClearBackupStateForSharedVolume", code);
        }
    }

    /** Nothing stays open between two readings. */
    @Override
    public void close() {}
}
