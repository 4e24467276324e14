package io.github.csvbackup.cluster.windows;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.management.ThreadMXBean;
import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the agent of one node asks the cluster in a minute, in a cluster of 64 nodes and 1,000 volumes. The figures are in operate.md. */
class NativeCallsTest {
    private static final int NODES = 64;
    private static final int DISKS = 1000;

    /** In a minute: 31,000,000 on JDK 17 and 30,000,000 on JDK 25, with what these doubles need. */
    private static final long MOST_BYTES = 45_000_000;

    private int disks = DISKS;
    /** Node 1 owns every 64th disk. */
    private static final int OWN = 16;

    private static final int POLLS_A_MINUTE = 6;
    private static final int NO_MORE_ITEMS = 259;
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final Map<String, Integer> calls = new TreeMap<>();
    private final Map<Pointer, String> names = new HashMap<>();
    private final MovableClock clock = new MovableClock();
    private final Map<String, byte[]> answers = new HashMap<>();
    private long handles;

    private final ClusApi api = (ClusApi) Proxy.newProxyInstance(
            ClusApi.class.getClassLoader(),
            new Class<?>[] {ClusApi.class},
            (proxy, method, arguments) -> answer(method.getName(), arguments));
    private final SystemCalls system = new SystemCalls((Kernel32) Proxy.newProxyInstance(
            Kernel32.class.getClassLoader(), new Class<?>[] {Kernel32.class}, (proxy, method, arguments) -> {
                calls.merge(method.getName(), 1, Integer::sum);
                if (!method.getName().equals("GetComputerNameEx")) {
                    return 0;
                }
                text("NODE1", (char[]) arguments[1], (IntByReference) arguments[2]);
                return true;
            }));

    private Pointer handle(String name) {
        Pointer handle = Pointer.createConstant(++handles);
        names.put(handle, name);
        return handle;
    }

    private Object answer(String function, Object... arguments) {
        if (function.equals("ClusterResourceControl")) {
            int code = (int) arguments[2];
            calls.merge(function + " " + Integer.toHexString(code), 1, Integer::sum);
            return control(names.get(arguments[0]), code, (byte[]) arguments[5], (IntByReference) arguments[7]);
        }
        calls.merge(function, 1, Integer::sum);
        return switch (function) {
            case "GetNodeClusterState" -> {
                ((IntByReference) arguments[1]).setValue(ClusApi.CLUSTER_STATE_RUNNING);
                yield 0;
            }
            case "GetClusterInformation" -> text("CLUSTER", (char[]) arguments[1], (IntByReference) arguments[2]);
            case "OpenClusterEx" -> handle("");
            case "OpenClusterNodeEx", "OpenClusterResourceEx" -> handle((String) arguments[1]);
            case "ClusterOpenEnum" -> handle((int) arguments[1] == ClusApi.CLUSTER_ENUM_NODE ? "nodes" : "disks");
            case "ClusterEnum" -> {
                int index = (int) arguments[1];
                boolean nodes = names.get(arguments[0]).equals("nodes");
                yield index >= (nodes ? NODES : disks)
                        ? NO_MORE_ITEMS
                        : text(nodes ? "NODE" + (index + 1) : "Disk " + index, (char[]) arguments[3], (IntByReference)
                                arguments[4]);
            }
            case "GetClusterResourceState" -> {
                int disk = Integer.parseInt(names.get(arguments[0]).substring(5));
                text("NODE" + (disk % NODES + 1), (char[]) arguments[1], (IntByReference) arguments[2]);
                yield 2;
            }
            case "GetClusterNodeState", "ClusterCloseEnum" -> 0;
            case "CloseCluster", "CloseClusterNode", "CloseClusterResource" -> {
                names.remove(arguments[0]);
                yield true;
            }
            default -> throw new IllegalStateException(function);
        };
    }

    private static int text(String text, char[] into, IntByReference length) {
        text.getChars(0, text.length(), into, 0);
        into[text.length()] = 0;
        length.setValue(text.length());
        return 0;
    }

    private int control(String disk, int code, byte[] out, IntByReference returned) {
        byte[] answer = answers.computeIfAbsent(disk + " " + code, key -> answer(disk, code));
        returned.setValue(answer.length);
        if (answer.length > out.length) {
            return 234;
        }
        System.arraycopy(answer, 0, out, 0, answer.length);
        return 0;
    }

    private static byte[] answer(String disk, int code) {
        if (code == ClusApi.CLUSCTL_RESOURCE_GET_ID) {
            return ("id of " + disk + "\0").getBytes(StandardCharsets.UTF_16LE);
        } else if (code == ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO) {
            return volume(Integer.parseInt(disk.substring(5)));
        } else if (code == ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES) {
            return ioStates(Integer.parseInt(disk.substring(5)));
        } else {
            throw new IllegalStateException(Integer.toHexString(code));
        }
    }

    private static byte[] volume(int disk) {
        ByteBuffer list = ByteBuffer.allocate(652).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(0, 0x00010001).putInt(4, 640);
        list.put(28, friendlyName(disk));
        list.put(548, guid(disk));
        return list.array();
    }

    /** A state for each node, as Windows Server 2016 returns it. */
    private static byte[] ioStates(int disk) {
        int structure = 1584;
        ByteBuffer list = ByteBuffer.allocate(NODES * (8 + structure) + 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int node = 0; node < NODES; node++) {
            int at = node * (8 + structure);
            list.putInt(at, 0x00010001).putInt(at + 4, structure);
            list.put(at + 8, guid(disk));
            list.put(at + 8 + 520, ("NODE" + (node + 1)).getBytes(StandardCharsets.UTF_16LE));
            list.put(at + 8 + 1044, friendlyName(disk));
        }
        return list.array();
    }

    private static byte[] guid(int disk) {
        return String.format("\\\\?\\Volume{5f0c9a10-0000-4000-8000-%012d}\\", disk)
                .getBytes(StandardCharsets.UTF_16LE);
    }

    private static byte[] friendlyName(int disk) {
        return ("C:\\ClusterStorage\\Volume" + disk).getBytes(StandardCharsets.UTF_16LE);
    }

    /** The real cluster over the doubles, on the caller's thread. */
    private final class Node1 implements Cluster {
        private final WindowsCluster windows = WindowsCluster.with(new Libraries(
                api,
                path -> {
                    throw new IllegalStateException("nothing is cleared");
                },
                system,
                (Advapi32) Proxy.newProxyInstance(
                        Advapi32.class.getClassLoader(),
                        new Class<?>[] {Advapi32.class},
                        (proxy, method, arguments) -> {
                            throw new IllegalStateException("no service is asked while no state is set");
                        })));

        @Override
        public boolean neverBlocks() {
            return true;
        }

        @Override
        public Backend backend() {
            return windows.backend();
        }

        @Override
        public BackupStateSupport backupStateSupport() {
            return windows.backupStateSupport();
        }

        @Override
        public ClusterOverview overview() throws ClusterException {
            return windows.overview();
        }

        @Override
        public SharedDisk disk(String disk) throws ClusterException {
            return windows.disk(disk);
        }

        @Override
        public List<Volume> volumes(String disk) throws ClusterException {
            return windows.volumes(disk);
        }

        @Override
        public List<VolumeIoState> ioStates(String disk) throws ClusterException {
            return windows.ioStates(disk);
        }

        @Override
        public ServiceStatus service(String node, String service) throws ClusterException {
            return windows.service(node, service);
        }

        @Override
        public ShadowCopies shadowCopies(String node) {
            throw new IllegalStateException("no shadow copy is asked for while no state is set");
        }

        @Override
        public void clear(Volume volume, String root) throws ClusterException {
            windows.clear(volume, root);
        }

        @Override
        public void close() {
            windows.close();
        }
    }

    private void pollFor(Watcher watcher, Duration time) {
        for (long seconds = 0; seconds < time.toSeconds(); seconds += 10) {
            clock.advance(SETTINGS.pollInterval());
            watcher.pollOnce();
        }
    }

    @Test
    void theAgentOfANodeAsksItsOwnDisksAtEachPollAndTheOthersOnceAMinute() {
        Node1 cluster = new Node1();
        Map<String, Integer> perMinute = new TreeMap<>();
        try (Watcher watcher = watcher(cluster)) {
            watcher.pollOnce();
            pollFor(watcher, Duration.ofMinutes(3));
            assertThat(watcher.snapshot().volumes()).hasSize(DISKS);
            calls.clear();

            pollFor(watcher, Duration.ofMinutes(10));
            calls.forEach((function, count) -> perMinute.put(function, count / 10));
        } finally {
            cluster.close();
        }

        int asked = OWN * POLLS_A_MINUTE + DISKS - OWN;
        assertThat(perMinute)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        entry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO), asked),
                        entry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES), asked),
                        entry("GetClusterResourceState", DISKS * POLLS_A_MINUTE + asked),
                        entry("GetClusterNodeState", NODES * POLLS_A_MINUTE),
                        entry("ClusterOpenEnum", 2 * POLLS_A_MINUTE),
                        entry("ClusterEnum", (NODES + DISKS + 2) * POLLS_A_MINUTE),
                        entry("ClusterCloseEnum", 2 * POLLS_A_MINUTE),
                        entry("GetTimeZoneInformation", POLLS_A_MINUTE),
                        // I/O states need a handle with full access, which is closed at once.
                        entry("GetNodeClusterState", asked),
                        entry("OpenClusterEx", asked),
                        entry("OpenClusterResourceEx", asked),
                        entry("CloseClusterResource", asked),
                        entry("CloseCluster", asked)));
    }

    @Test
    void theFirstPollReadsAllAndTheNextOnlyItsOwn() {
        Node1 cluster = new Node1();
        try (Watcher watcher = watcher(cluster)) {
            watcher.pollOnce();
            // One more, because the buffer for the states of 64 nodes grows once.
            assertReads(DISKS, DISKS + 1);

            calls.clear();
            pollFor(watcher, SETTINGS.pollInterval());
            assertReads(OWN, OWN);
        } finally {
            cluster.close();
        }
    }

    private void assertReads(int volumes, int ioStates) {
        assertThat(calls)
                .containsEntry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO), volumes)
                .containsEntry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES), ioStates);
    }

    /** Before a clear all are read, because of their paths; after it its own, here one of another node. */
    @Test
    void aClearReadsAllVolumesBeforeItAndOnlyItsOwnAfterIt() {
        Node1 cluster = new Node1();
        try (Watcher watcher = watcher(cluster)) {
            watcher.pollOnce();
            // No round of other volumes is due at the next poll.
            pollFor(watcher, Duration.ofSeconds(90));
            calls.clear();

            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
            assertThat(calls)
                    .containsEntry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO), DISKS)
                    .containsEntry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES), OWN);

            calls.clear();
            Volume another = watcher.snapshot().volumes().get(1).volume();
            assertThat(another.ownerNode()).isEqualTo("NODE2");
            watcher.refresh(List.of(another));
            assertThat(calls).containsEntry(control(ClusApi.CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO), OWN + 1);
        } finally {
            cluster.close();
        }
    }

    /** Of its own disks and, once a minute, of all; of that, I/O states of 64 nodes are the most. */
    @Test
    void aPollAllocatesInProportionToTheVolumes() {
        long hundred = bytesPerMinute(100);
        long thousand = bytesPerMinute(1000);

        System.out.println("bytes a minute: " + hundred + " at 100 volumes, " + thousand + " at 1,000");
        assertThat(thousand).isLessThan(11 * hundred).isLessThan(MOST_BYTES);
    }

    private long bytesPerMinute(int volumes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        disks = volumes;
        Node1 cluster = new Node1();
        try (Watcher watcher = watcher(cluster)) {
            watcher.pollOnce();
            pollFor(watcher, Duration.ofMinutes(3));
            long before = threads.getCurrentThreadAllocatedBytes();
            pollFor(watcher, Duration.ofMinutes(3));
            return (threads.getCurrentThreadAllocatedBytes() - before) / 3;
        } finally {
            cluster.close();
        }
    }

    private Watcher watcher(Cluster cluster) {
        return new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
    }

    private static String control(int code) {
        return "ClusterResourceControl " + Integer.toHexString(code);
    }
}
