package io.github.csvbackup.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes a poll allocates while nothing changes. The cluster's answers are made before. */
class PollAllocationTest {
    private static final int NODES = 64;
    private static final int POLLS = 60;
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    /** Quiet volumes, spread over the nodes. */
    private static final class QuietCluster implements Cluster {
        private final Map<String, SharedDisk> disks = new HashMap<>();
        private final Map<String, List<Volume>> volumes = new HashMap<>();
        private final ClusterOverview overview;

        QuietCluster(int count) {
            List<Node> nodes = new ArrayList<>();
            for (int n = 1; n <= NODES; n++) {
                nodes.add(new Node("NODE" + n, NodeState.UP, null));
            }
            List<String> names = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                Volume volume = new Volume(
                        "id-" + n,
                        "Cluster Disk " + n,
                        "NODE" + (n % NODES + 1),
                        ResourceState.ONLINE,
                        "C:\\ClusterStorage\\Volume" + n,
                        StubCluster.guid(n),
                        FaultState.NO_FAULTS,
                        BackupState.NONE);
                names.add(volume.resourceName());
                disks.put(
                        volume.resourceName(),
                        new SharedDisk(
                                volume.resourceId(),
                                volume.resourceName(),
                                volume.ownerNode(),
                                volume.resourceState()));
                volumes.put(volume.resourceName(), List.of(volume));
            }
            overview = new ClusterOverview("CLUSTER", "NODE1", nodes, names);
        }

        @Override
        public boolean neverBlocks() {
            return true;
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
        public ClusterOverview overview() {
            return overview;
        }

        @Override
        public SharedDisk disk(String disk) {
            return disks.get(disk);
        }

        @Override
        public List<Volume> volumes(String disk) {
            return volumes.get(disk);
        }

        @Override
        public List<VolumeIoState> ioStates(String disk) {
            return List.of();
        }

        @Override
        public ServiceStatus service(String node, String service) {
            throw new IllegalStateException("no service is asked while no state is set");
        }

        @Override
        public ShadowCopies shadowCopies(String node) {
            throw new IllegalStateException("no shadow copy is asked for while no state is set");
        }

        @Override
        public void clear(Volume volume, String root) {
            throw new IllegalStateException("nothing is cleared");
        }

        @Override
        public void close() {}
    }

    private static long bytesPerPoll(int volumes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MovableClock clock = new MovableClock();
        Cluster cluster = new QuietCluster(volumes);
        try (Watcher watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime)) {
            for (int i = 0; i < POLLS; i++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.pollOnce();
            }
            assertThat(watcher.snapshot().volumes()).hasSize(volumes);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < POLLS; i++) {
                clock.advance(SETTINGS.pollInterval());
                watcher.pollOnce();
            }
            return (threads.getCurrentThreadAllocatedBytes() - before) / POLLS;
        }
    }

    @Test
    void aPollAllocatesLittleAndInProportionToTheVolumes() {
        long ten = bytesPerPoll(10);
        long hundred = bytesPerPoll(100);
        long thousand = bytesPerPoll(1000);

        System.out.println(
                "bytes per poll: " + ten + " at 10 volumes, " + hundred + " at 100, " + thousand + " at 1,000");
        assertThat(thousand).isLessThan(1_000_000);
        assertThat(thousand).isLessThan(12 * hundred);
    }
}
