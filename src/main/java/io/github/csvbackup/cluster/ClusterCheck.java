package io.github.csvbackup.cluster;

import io.github.csvbackup.cluster.Finding.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Checks what the account of this agent can read of its cluster. Only reads, and does not ask for shadow copies, which would start the VSS
 * service. Nodes and disks are asked at the same time, each once, and a check that hangs delays the others by one deadline. Thread-safe.
 */
public final class ClusterCheck {
    /** As many disks as may be asked at once: resource hosts answer, and hung calls are left behind. */
    private static final int DISKS_AT_ONCE = 8;
    /** As many as BoundedCalls accepts at once: those in progress, and those that wait for a place. */
    private static final int DISKS_IN_A_GROUP = DISKS_AT_ONCE + 32;

    private final Cluster cluster;
    private final Duration deadline;
    private final BoundedChecks overviews;
    private final BoundedChecks volumeReads;
    private final BoundedChecks ioReads;
    private final Map<String, BoundedChecks> nodeReads = new ConcurrentHashMap<>();

    /** @param deadline how long one call may take */
    public ClusterCheck(Cluster cluster, Duration deadline) {
        this.cluster = cluster;
        this.deadline = deadline;
        this.overviews = checks(1);
        this.volumeReads = checks(DISKS_AT_ONCE);
        this.ioReads = checks(DISKS_AT_ONCE);
    }

    private BoundedChecks checks(int bound) {
        return new BoundedChecks(new BoundedCalls(bound, cluster), deadline);
    }

    /** Checks the machine, and if nothing failed, the cluster. Blocks for a few deadlines at most. */
    public List<Finding> run() {
        List<Finding> findings = new ArrayList<>(cluster.machine(deadline));
        if (findings.stream().noneMatch(finding -> finding.result() == Result.FAILED)) {
            findings.addAll(parts());
        }
        return List.copyOf(findings);
    }

    /** Checks the cluster itself, without the machine. */
    public List<Finding> parts() {
        List<Finding> findings = new ArrayList<>();
        ClusterOverview overview = overviews.attempt("read-access", Result.FAILED, findings, cluster::overview);
        if (overview == null) {
            return findings;
        }
        findings.add(Finding.ok("read-access", "the cluster " + overview.clusterName() + " was read"));
        overview.nodes().forEach(node -> findings.add(node(node)));
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, BoundedChecks.Begun<String>> services = new LinkedHashMap<>();
        for (Node node : overview.nodes()) {
            if (!node.isProvenDown()) {
                services.put(node.name(), beginServices(node.name()));
            }
        }
        VolumeFindings volumes = new VolumeFindings();
        ofDisks(overview.disks(), end, findings, volumes);
        services.forEach((node, asked) -> {
            String seen = asked.await(end, findings);
            if (seen != null) {
                findings.add(Finding.ok("services on " + node, seen));
            }
        });
        findings.addAll(volumes.findings());
        // A cluster may list a thing twice.
        return findings.stream().distinct().toList();
    }

    private static Finding node(Node node) {
        ClusterException failure = node.failure();
        if (failure != null) {
            return Finding.of("node " + node.name(), Result.UNKNOWN, failure);
        }
        Integer status = node.statusInformation();
        WindowsVersion version = node.version();
        boolean mayBeIsolated = node.state().isDown() && !node.isProvenDown();
        return new Finding(
                "node " + node.name(),
                node.state().code() < 0 ? Result.UNKNOWN : mayBeIsolated ? Result.WARNING : Result.OK,
                node.state()
                        + (status == null ? "" : ", status flags 0x" + Integer.toHexString(status))
                        + (version == null ? "" : ", Windows " + version),
                mayBeIsolated
                        ? "It is unknown whether it is isolated: clear refuses until it is back or evicted, unless every node"
                                + " runs a version of Windows before 2016 (10.0)."
                        : "");
    }

    /** One after the other: both queries go to the same service control manager. */
    private BoundedChecks.Begun<String> beginServices(String node) {
        return nodeReads
                .computeIfAbsent(node, name -> checks(1))
                .begin(
                        "services on " + node,
                        Result.UNKNOWN,
                        node,
                        () -> service(node, Cluster.VSS) + ", " + service(node, Cluster.SOFTWARE_PROVIDER));
    }

    private String service(String node, String name) throws ClusterException {
        try {
            ServiceStatus status = cluster.service(node, name);
            Long process = status.processId();
            return name + " " + status.stateName() + (process == null ? "" : " (process " + process + ")");
        } catch (ClusterException e) {
            throw ClusterException.unavailable(name + ": " + e.getMessage(), e.remedy());
        }
    }

    private void ofDisks(Collection<String> disks, long end, List<Finding> findings, VolumeFindings volumes) {
        List<String> all = List.copyOf(disks);
        for (int from = 0; from < all.size(); from += DISKS_IN_A_GROUP) {
            List<String> group = all.subList(from, Math.min(all.size(), from + DISKS_IN_A_GROUP));
            if (System.nanoTime() - end > 0) {
                findings.add(new Finding(
                        "disks",
                        Result.UNKNOWN,
                        (all.size() - from) + " disks were not asked, because earlier ones took too long",
                        "Check the Cluster service and the disks above; run the check again."));
                return;
            }
            Map<String, BoundedChecks.Begun<List<Volume>>> reads = new LinkedHashMap<>();
            Map<String, BoundedChecks.Begun<List<VolumeIoState>>> ios = new LinkedHashMap<>();
            for (String disk : group) {
                reads.put(disk, volumeReads.begin("disk " + disk, Result.UNKNOWN, disk, () -> {
                    cluster.disk(disk);
                    return cluster.volumes(disk);
                }));
                ios.put(disk, ioReads.begin("io of " + disk, Result.UNKNOWN, disk, () -> cluster.ioStates(disk)));
            }
            reads.forEach((disk, read) -> {
                List<Volume> found = read.await(end, findings);
                if (found != null) {
                    volumes.volumes.addAll(found);
                }
            });
            ios.forEach((disk, read) -> {
                List<VolumeIoState> found = read.await(end, findings);
                if (found != null && found.isEmpty()) {
                    findings.add(
                            new Finding("io of " + disk, Result.UNKNOWN, "the cluster did not report any volume", ""));
                } else if (found != null) {
                    volumes.ios.addAll(found);
                }
            });
        }
    }

    /** The volumes that were read, named when all are known. */
    private static final class VolumeFindings {
        private final List<Volume> volumes = new ArrayList<>();
        private final List<VolumeIoState> ios = new ArrayList<>();

        List<Finding> findings() {
            VolumeNames names = VolumeNames.of(volumes);
            List<Finding> findings = new ArrayList<>();
            Map<String, String> byGuid = new LinkedHashMap<>();
            for (Volume volume : volumes) {
                byGuid.put(volume.guidName().toLowerCase(Locale.ROOT), names.of(volume));
                findings.add(Finding.ok(
                        "volume " + names.of(volume),
                        "backup state " + volume.backupState() + ", fault state " + volume.faultState() + ", "
                                + volume.resourceName() + " on " + volume.ownerNode() + ", " + volume.guidName()));
            }
            ios.stream()
                    .collect(Collectors.groupingBy(
                            io -> byGuid.getOrDefault(io.guidName().toLowerCase(Locale.ROOT), io.friendlyPath()),
                            LinkedHashMap::new,
                            Collectors.mapping(VolumeFindings::text, Collectors.joining(", "))))
                    .forEach((name, seen) -> findings.add(Finding.ok("io of " + name, seen)));
            return findings;
        }

        private static String text(VolumeIoState io) {
            return io.stateName() + " on " + io.node()
                    + (io.reasons().isEmpty() ? "" : " (" + io.reasons().get(0).text() + ")");
        }
    }
}
