package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.WindowsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The simulated cluster between model and agent: the oracle sees each answer, and calls may be slow or hang. */
final class ObservedCluster implements Cluster {
    /** A call that may be slow or hang. */
    enum Call {
        READ,
        SERVICE,
        SHADOW_COPIES,
        DISK
    }

    /** The moments of a clear at which something else may happen. */
    enum Moment {
        BEFORE_SHADOW_COPIES,
        AFTER_SHADOW_COPIES,
        BEFORE_REREADING
    }

    /** What a native clear may do instead. */
    enum Misbehaviour {
        NONE,
        /** It returns an error and does nothing. */
        REFUSES,
        /** It does its work, and the answer is lost. */
        ANSWER_IS_LOST,
        /** It does nothing, and the connection is lost. */
        CONNECTION_IS_LOST,
        /** It returns 0 and does nothing. */
        LIES
    }

    /** The states of the disk on which the volume lies. */
    enum Disk {
        ONLINE,
        OFFLINE_PENDING
    }

    private static final ResourceState OFFLINE_PENDING = new ResourceState(130);
    private static final WindowsVersion WINDOWS_2008_R2 = new WindowsVersion(6, 1);
    private static final Long NO_PROCESS = 0L;
    private static final String VOLUME_GUID = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000001}\\";
    private static final String HIDDEN_VOLUME = "\\\\?\\Volume{5f0c9a10-ffff-4000-8000-000000000001}\\";
    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";

    private final Cluster real;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration deadline;
    private final AtomicLong events;

    /** Runs before the services or the shadow copies of a node are read. */
    Runnable beforeLook = () -> {};

    /** Runs at the native clear of a volume, before it does anything. */
    Consumer<Volume> onClear = volume -> {};

    /** Runs when a clear comes to this moment. */
    Consumer<Moment> onMoment = moment -> {};

    /** Runs when a call was slow, hung or failed, so that the agent had to wait or did not get its answer. */
    Runnable onTrouble = () -> {};

    /** How the next native clear goes wrong. */
    Misbehaviour misbehaviour = Misbehaviour.NONE;

    boolean hidesIsolation;
    boolean hidesThatVssRanBefore;
    /** While it returns true, VSS is reported as stopped. */
    BooleanSupplier hidesVss = () -> false;

    boolean hidesUnknownVolumes;
    boolean hidesVersions;
    boolean hidesVssProcess;

    /** True if the nodes list the copies of the volume under the GUID name of a hidden volume. */
    boolean showsHiddenVolume;

    Disk disk = Disk.ONLINE;
    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;
    private final Map<String, Long> shadowCopyLooks = new HashMap<>();
    private final Map<String, ShadowCopies> answers = new HashMap<>();
    private boolean asked;
    /** By node, the processes of its VSS service as they were since its list in this clear, each time that it was asked. */
    private final Map<String, List<Long>> vssReads = new HashMap<>();

    private @Nullable Long firstQuestionNanos;
    private long nanosInQuestions;
    private boolean polling;

    /**
     * A cluster whose calls answer at once.
     *
     * @param deadline how long the agent waits for an answer
     * @param events numbers all events in their order
     */
    ObservedCluster(Cluster real, CheckOracle oracle, MovableClock clock, Duration deadline, AtomicLong events) {
        this.real = real;
        this.oracle = oracle;
        this.clock = clock;
        this.deadline = deadline;
        this.events = events;
    }

    /** The next such call takes this time, and answers. */
    void slowNext(Call call, Duration time) {
        slow = call;
        takes = time;
    }

    /** The next such call does not answer before the deadline. */
    void hangNext(Call call) {
        slow = call;
        takes = deadline.plusSeconds(1);
    }

    /** The event at which the node last listed its shadow copies; 0 if it never did. */
    long shadowCopyLook(NodeName node) {
        return shadowCopyLooks.getOrDefault(node.name(), 0L);
    }

    /** Forgets what nodes answered, and that they were asked. */
    void forgetAnswers() {
        answers.clear();
        asked = false;
    }

    /** What nodes answered since {@link #forgetAnswers}, when they were asked for shadow copies. */
    Map<String, ShadowCopies> answers() {
        return Map.copyOf(answers);
    }

    /** True if a node was asked for shadow copies since {@link #forgetAnswers}. */
    boolean wasAsked() {
        return asked;
    }

    /** A clear begins. */
    void clearBegins() {
        vssReads.clear();
        firstQuestionNanos = null;
    }

    /** The time since the first query for shadow copies of this clear. */
    Duration sinceFirstQuestion() {
        Long first = firstQuestionNanos;
        return first == null ? Duration.ZERO : Duration.ofNanos(clock.nanoTime() - first);
    }

    /** A node that was not seen to have the same VSS process twice since it listed its shadow copies in this clear; null if there is none. */
    @Nullable
    String nodeOfAnotherVssProcess() {
        return vssReads.entrySet().stream()
                .filter(node -> node.getValue().size() < 2
                        || node.getValue().contains(NO_PROCESS)
                        || node.getValue().stream().distinct().count() > 1)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** How long the nodes have taken for their lists. */
    long nanosInQuestions() {
        return nanosInQuestions;
    }

    private void pass(Call call) throws ClusterException {
        Duration time = takes;
        if (call != slow || time.isZero()) {
            return;
        }
        takes = Duration.ZERO;
        boolean hangs = time.compareTo(deadline) > 0;
        clock.advance(hangs ? deadline : time);
        if (call == Call.SHADOW_COPIES) {
            nanosInQuestions += (hangs ? deadline : time).toNanos();
        }
        onTrouble.run();
        beforeLook.run();
        if (hangs) {
            throw ClusterException.unavailable("it has not answered in time", "Look at the cluster.");
        }
    }

    @Override
    public boolean neverBlocks() {
        return true;
    }

    @Override
    public Backend backend() {
        return real.backend();
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return real.backupStateSupport();
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        ClusterOverview overview = null;
        polling = true;
        try {
            ClusterOverview answer = real.overview();
            pass(Call.READ);
            overview = answer;
        } finally {
            oracle.overview(overview, clock.instant());
        }
        List<Node> nodes = overview.nodes().stream()
                .map(node -> hidesIsolation ? new Node(node.name(), node.state(), 0) : node)
                .map(node -> hidesVersions ? node.withVersion(WINDOWS_2008_R2) : node)
                .toList();
        return new ClusterOverview(overview.clusterName(), overview.localNode(), nodes, overview.disks());
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        SharedDisk shared = real.disk(disk);
        return new SharedDisk(
                shared.id(),
                shared.name(),
                shared.owner(),
                this.disk == Disk.ONLINE ? shared.state() : OFFLINE_PENDING);
    }

    /** By the name for a poll, by the id for a clear that reads again. */
    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        boolean again = real.volumes(disk).stream()
                .anyMatch(volume -> volume.resourceId().equals(disk));
        if (again) {
            polling = false;
            onMoment.accept(Moment.BEFORE_REREADING);
            return withDiskState(real.volumes(disk));
        }
        List<Volume> volumes = List.of();
        try {
            List<Volume> answer = withDiskState(real.volumes(disk));
            pass(Call.DISK);
            volumes = answer;
            return volumes;
        } finally {
            oracle.volumes(disk, volumes, clock.instant());
        }
    }

    private List<Volume> withDiskState(List<Volume> volumes) {
        return volumes.stream().map(this::withDiskState).toList();
    }

    private Volume withDiskState(Volume volume) {
        return new Volume(
                volume.resourceId(),
                volume.resourceName(),
                volume.ownerNode(),
                disk == Disk.ONLINE ? ResourceState.ONLINE : OFFLINE_PENDING,
                volume.friendlyPath(),
                volume.guidName(),
                volume.faultState(),
                volume.backupState());
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        ServiceStatus status = null;
        try {
            beforeLook.run();
            ServiceStatus answer = real.service(node, service);
            pass(Call.SERVICE);
            status = answer;
            if (service.equals(VSS) && hidesVss.getAsBoolean()) {
                return new ServiceStatus(ServiceStatus.STOPPED, null, null);
            }
            List<Long> reads = polling ? null : vssReads.get(node);
            return hidesVssProcess && reads != null && !reads.isEmpty()
                    ? new ServiceStatus(ServiceStatus.RUNNING, reads.get(0), null)
                    : status;
        } finally {
            // Right after a list of shadow copies the service is not asked for by a poll.
            if (polling) {
                oracle.service(service, node, status, clock.instant());
            } else if (service.equals(VSS) && vssReads.containsKey(node)) {
                vssReads.put(node, with(vssReads.get(node), status));
            }
        }
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        asked = true;
        polling = false;
        if (firstQuestionNanos == null) {
            firstQuestionNanos = clock.nanoTime();
        }
        onMoment.accept(Moment.BEFORE_SHADOW_COPIES);
        beforeLook.run();
        try {
            ShadowCopies answer = real.shadowCopies(node);
            shadowCopyLooks.put(node, events.incrementAndGet());
            pass(Call.SHADOW_COPIES);
            answers.put(node, answer);
            vssReads.put(node, List.of());
            onMoment.accept(Moment.AFTER_SHADOW_COPIES);
            return new ShadowCopies(
                    shown(answer.copies()),
                    hidesThatVssRanBefore ? new ServiceStatus(ServiceStatus.STOPPED, null, null) : answer.vssBefore(),
                    answer.volumes());
        } catch (ClusterException e) {
            onTrouble.run();
            throw e;
        }
    }

    private static List<Long> with(List<Long> reads, @Nullable ServiceStatus status) {
        List<Long> all = new ArrayList<>(reads);
        Long process = status == null || status.state() != ServiceStatus.RUNNING ? null : status.processId();
        all.add(process == null ? NO_PROCESS : process);
        return all;
    }

    private List<ShadowCopy> shown(List<ShadowCopy> copies) {
        return copies.stream()
                .map(copy -> showsHiddenVolume && copy.volumeName().equals(VOLUME_GUID) ? hidden(copy) : copy)
                .filter(copy -> !hidesUnknownVolumes || !copy.volumeName().equals(HIDDEN_VOLUME))
                .toList();
    }

    private static ShadowCopy hidden(ShadowCopy copy) {
        return new ShadowCopy(
                copy.id(),
                copy.setId(),
                copy.providerId(),
                HIDDEN_VOLUME,
                copy.originatingMachine(),
                copy.persistent(),
                copy.state(),
                copy.created());
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) {
        return List.of();
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        onClear.accept(volume);
        Misbehaviour now = misbehaviour;
        misbehaviour = Misbehaviour.NONE;
        switch (now) {
            case NONE -> real.clear(volume, root);
            case REFUSES -> throw ClusterException.win32(FUNCTION, 5);
            case ANSWER_IS_LOST -> {
                real.clear(volume, root);
                throw ClusterException.win32(FUNCTION, 1726);
            }
            case CONNECTION_IS_LOST -> throw ClusterException.win32(FUNCTION, 1726);
            case LIES -> {}
        }
    }

    @Override
    public void close() {}
}
