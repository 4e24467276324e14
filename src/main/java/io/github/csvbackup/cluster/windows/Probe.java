package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.cluster.WindowsVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything that the agent needs on this machine. Only reads, and does not ask for shadow copies, which would start the VSS
 * service.
 */
public final class Probe {
    private static final int CALLS_AT_ONCE = 64;
    /** CLUSAPI_READ_ACCESS and CLUSAPI_CHANGE_ACCESS (clusapi.h). */
    private static final int READ_AND_CHANGE = 0x3;

    private final UnaryOperator<String> properties;
    private final Duration deadline;
    private final BoundedCalls calls = new BoundedCalls(CALLS_AT_ONCE);
    /** A set, because a cluster may list a thing twice. */
    private final Set<Finding> findings = new LinkedHashSet<>();

    private Probe(UnaryOperator<String> properties, Duration deadline) {
        this.properties = properties;
        this.deadline = deadline;
    }

    /** The result of a check. */
    public enum Result {
        /** The agent has what it needs. */
        OK,
        /** The agent works, but lacks some information. */
        LACKS,
        /** The agent cannot read the cluster. */
        FAILS
    }

    /**
     * The finding of one check.
     *
     * @param name what was checked
     * @param seen a sentence without a full stop
     * @param remedy a sentence; empty if there is nothing to do
     */
    public record Finding(String name, Result result, String seen, String remedy) {}

    /**
     * Checks this machine. Blocks for at most a few deadlines.
     *
     * @param deadline how long one call may take
     */
    public static List<Finding> run(Duration deadline) {
        return run(name -> System.getProperty(name, ""), deadline);
    }

    static List<Finding> run(UnaryOperator<String> properties, Duration deadline) {
        Probe probe = new Probe(properties, deadline);
        probe.machine();
        return List.copyOf(probe.findings);
    }

    /** Checks the cluster itself. */
    static List<Finding> ofCluster(Libraries libraries, Duration deadline) {
        Probe probe = new Probe(name -> "", deadline);
        probe.cluster(libraries);
        return List.copyOf(probe.findings);
    }

    private void add(String name, Result result, String seen, String remedy) {
        findings.add(new Finding(name, result, seen, remedy));
    }

    private <T> @Nullable T attempt(String name, Result failure, Callable<T> call) {
        return attempt(name, failure, "", call);
    }

    /**
     * The answer of a check; null if it failed, which adds a finding.
     *
     * @param object what is checked, such as a node, for the message about a function that hangs
     */
    private <T> @Nullable T attempt(String name, Result failure, String object, Callable<T> call) {
        try {
            return calls.call("the check", deadline, () -> {
                ActiveNativeCalls.about(object);
                return call.call();
            });
        } catch (ClusterException e) {
            add(name, failure, String.valueOf(e.getMessage()), e.remedy());
        } catch (CallTimeoutException e) {
            add(
                    name,
                    failure,
                    String.valueOf(e.getMessage()),
                    "Check the Cluster service; a failover may be in progress.");
        }
        return null;
    }

    private void machine() {
        String system = properties.apply("os.name") + " " + properties.apply("os.version") + " "
                + properties.apply("os.arch") + ", Java " + properties.apply("java.version");
        try {
            WindowsCluster.requireWindows(properties);
        } catch (ClusterException e) {
            add("system", Result.FAILS, String.valueOf(e.getMessage()), e.remedy());
            return;
        }
        add("system", Result.OK, system, "");
        add(
                "backup-state",
                Result.OK,
                WindowsCluster.support(properties) + ": "
                        + WindowsCluster.support(properties).sentence(),
                "");
        SystemCalls calls = attempt("kernel32.dll", Result.FAILS, Libraries::loadSystem);
        Path directory = calls == null ? null : attempt("system-directory", Result.FAILS, calls::systemDirectory);
        if (calls == null || directory == null) {
            return;
        }
        boolean complete = true;
        for (Libraries.Part part : Libraries.Part.values()) {
            complete &= functions(part, directory);
        }
        Path powerShell = new ShadowCopyQuery(directory, deadline).powerShell();
        if (Files.isExecutable(powerShell)) {
            add(
                    "powershell",
                    Result.OK,
                    powerShell + " exists; it was not run, because listing shadow copies starts the VSS service",
                    "");
        } else {
            add(
                    "powershell",
                    Result.LACKS,
                    powerShell + " cannot be run, so shadow copies are unknown and clear refuses",
                    "Allow the agent's account to run it.");
        }
        Libraries libraries = complete ? attempt("libraries", Result.FAILS, Libraries::load) : null;
        if (libraries != null) {
            cluster(libraries);
        }
    }

    private boolean functions(Libraries.Part part, Path directory) {
        String name = "functions of " + part.file;
        List<String> missing = attempt(name, Result.FAILS, () -> part.missing(directory));
        if (missing == null) {
            return false;
        }
        if (missing.isEmpty()) {
            add(name, Result.OK, "found " + String.join(", ", part.names()), "");
            return true;
        }
        add(
                name,
                Result.FAILS,
                "not found: " + String.join(", ", missing),
                "The agent needs Windows Server 2008 R2 or later, with its cluster files intact.");
        return false;
    }

    private void cluster(Libraries libraries) {
        ClusApi api = libraries.clusApi();
        SystemCalls system = libraries.system();
        String local = attempt("computer-name", Result.FAILS, system::computerName);
        Boolean runs = attempt("cluster-service", Result.FAILS, () -> {
            NodeClusterState.requireRunning(api, system);
            return true;
        });
        if (local == null || runs == null) {
            return;
        }
        add("cluster-service", Result.OK, "it is running on this node, " + local, "");
        ClusterOverview overview = attempt("read-access", Result.FAILS, () -> {
            try (ClusterSession session = ClusterSession.open(api, system)) {
                return session.overview(local, true);
            }
        });
        if (overview == null) {
            return;
        }
        add("read-access", Result.OK, "the cluster " + overview.clusterName() + " was read", "");
        fullAccess(api, system);
        overview.nodes().forEach(this::node);
        List<Volume> volumes = new ArrayList<>();
        overview.disks().forEach(disk -> volumes.addAll(volumes(api, system, disk)));
        VolumeNames names = VolumeNames.of(volumes);
        volumes.forEach(volume -> volume(names.of(volume), volume));
        for (Node node : overview.nodes()) {
            if (!node.isProvenDown()) {
                services(libraries, node.name(), local);
            }
        }
        Map<String, String> byGuid = new HashMap<>();
        volumes.forEach(volume -> byGuid.put(volume.guidName().toLowerCase(Locale.ROOT), names.of(volume)));
        overview.disks().forEach(disk -> ioStates(api, system, disk, byGuid));
        add("clear", Result.OK, "ClusterClearBackupStateForSharedVolume was found; it was not called", "");
    }

    private void fullAccess(ClusApi api, SystemCalls system) {
        Integer granted = attempt("full-access", Result.LACKS, () -> {
            IntByReference access = new IntByReference();
            Pointer opened = api.OpenClusterEx(null, ClusApi.MAXIMUM_ALLOWED, access);
            Handle.of(system, "OpenClusterEx", opened, api::CloseCluster).close();
            return access.getValue();
        });
        if (granted == null) {
            return;
        }
        boolean full = (granted & READ_AND_CHANGE) == READ_AND_CHANGE;
        add(
                "full-access",
                full ? Result.OK : Result.LACKS,
                "the cluster grants access 0x" + Integer.toHexString(granted)
                        + (full ? ", read and change" : ", read only"),
                full
                        ? ""
                        : "Run the agent as LocalSystem or as an administrator of the node, or use Grant-ClusterAccess.");
    }

    private void node(Node node) {
        Integer status = node.statusInformation();
        WindowsVersion version = node.version();
        add(
                "node " + node.name(),
                node.state().code() < 0 ? Result.LACKS : Result.OK,
                node.state()
                        + (status == null ? "" : ", status flags 0x" + Integer.toHexString(status))
                        + (version == null ? "" : ", Windows " + version),
                node.state().isDown() && !node.isProvenDown()
                        ? "It is unknown whether it is isolated: clear refuses until it is back or evicted, unless every node"
                                + " runs a version of Windows before 2016 (10.0)."
                        : "");
    }

    private List<Volume> volumes(ClusApi api, SystemCalls system, String disk) {
        List<Volume> volumes = attempt("disk " + disk, Result.LACKS, disk, () -> {
            try (ClusterSession session = ClusterSession.open(api, system)) {
                return session.volumes(disk);
            }
        });
        return volumes == null ? List.of() : volumes;
    }

    private void volume(String name, Volume volume) {
        add(
                "volume " + name,
                Result.OK,
                "backup state " + volume.backupState() + ", fault state " + volume.faultState() + ", "
                        + volume.resourceName() + " on " + volume.ownerNode() + ", " + volume.guidName(),
                "");
    }

    private void services(Libraries libraries, String node, String local) {
        ServiceManager manager = new ServiceManager(libraries.advapi32(), libraries.system());
        for (String service : List.of(Cluster.VSS, Cluster.SOFTWARE_PROVIDER)) {
            String name = "service " + service + " on " + node;
            ServiceStatus status = attempt(
                    name,
                    Result.LACKS,
                    node,
                    () -> manager.status(node.equalsIgnoreCase(local) ? null : node, service));
            if (status != null) {
                add(
                        name,
                        Result.OK,
                        status.stateName() + (status.processId() == null ? "" : ", process " + status.processId()),
                        "");
            }
        }
    }

    private void ioStates(ClusApi api, SystemCalls system, String disk, Map<String, String> byGuid) {
        String name = "io of " + disk;
        List<VolumeIoState> states =
                attempt(name, Result.LACKS, disk, () -> new IoStates(api, system).read(disk, Map.of()));
        if (states == null) {
            return;
        }
        for (VolumeIoState state : states) {
            add(
                    "io of " + byGuid.getOrDefault(state.guidName().toLowerCase(Locale.ROOT), state.friendlyPath())
                            + " on " + state.node(),
                    Result.OK,
                    state.stateName()
                            + (state.reasons().isEmpty()
                                    ? ""
                                    : ": " + state.reasons().get(0).text()),
                    "");
        }
        if (states.isEmpty()) {
            add(name, Result.LACKS, "the cluster did not report any volume", "");
        }
    }
}
