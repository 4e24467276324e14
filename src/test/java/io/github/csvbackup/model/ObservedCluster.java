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
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The simulated cluster as the agent reaches it: the oracle hears each answer, and calls may be slow or hang. */
final class ObservedCluster implements Cluster {
    /** A call that may be slow or hang. */
    enum Call {
        READ,
        SERVICE,
        SHADOW_COPIES
    }

    /** The moments of a clear at which something else may happen. */
    enum Moment {
        BEFORE_SHADOW_COPIES,
        AFTER_SHADOW_COPIES,
        BEFORE_REREADING
    }

    /** What a native clear may do instead of its work. */
    enum Misbehaviour {
        NONE,
        /** It answers with an error and does nothing. */
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
    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";

    private final Cluster real;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration deadline;
    private final AtomicLong events;

    /** Runs before the services or the shadow copies of a node are looked at. */
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
    /** While it says so, VSS is said to be stopped. */
    BooleanSupplier hidesVss = () -> false;

    Disk disk = Disk.ONLINE;
    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;
    private final Map<String, Long> shadowCopyLooks = new HashMap<>();
    private final Map<String, ShadowCopies> answers = new HashMap<>();
    private final Set<String> listedSincePoll = new HashSet<>();
    private boolean asked;

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

    private void pass(Call call) throws ClusterException {
        Duration time = takes;
        if (call != slow || time.isZero()) {
            return;
        }
        takes = Duration.ZERO;
        boolean hangs = time.compareTo(deadline) > 0;
        clock.advance(hangs ? deadline : time);
        onTrouble.run();
        beforeLook.run();
        if (hangs) {
            throw ClusterException.unavailable(call.name(), "it has not answered in time", "Look at the cluster.");
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
        listedSincePoll.clear();
        ClusterOverview overview = null;
        try {
            ClusterOverview answer = real.overview();
            pass(Call.READ);
            overview = answer;
        } finally {
            oracle.overview(overview, clock.instant());
        }
        if (!hidesIsolation) {
            return overview;
        }
        List<Node> nodes = overview.nodes().stream()
                .map(node -> new Node(node.name(), node.state(), 0))
                .toList();
        return new ClusterOverview(overview.clusterName(), overview.localNode(), nodes, overview.disks());
    }

    /** By the name for a poll, by the id for a clear that reads again. */
    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        boolean again = real.volumes(disk).stream()
                .anyMatch(volume -> volume.resourceId().equals(disk));
        if (again) {
            onMoment.accept(Moment.BEFORE_REREADING);
        }
        List<Volume> volumes =
                real.volumes(disk).stream().map(this::withDiskState).toList();
        if (!again) {
            oracle.volumes(disk, volumes, clock.instant());
        }
        return volumes;
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
            return service.equals(VSS) && hidesVss.getAsBoolean()
                    ? new ServiceStatus(ServiceStatus.STOPPED, null, null)
                    : status;
        } finally {
            // Right after a list of shadow copies the service is not asked for by a poll.
            if (!listedSincePoll.contains(node)) {
                oracle.service(service, node, status, clock.instant());
            }
        }
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        asked = true;
        onMoment.accept(Moment.BEFORE_SHADOW_COPIES);
        beforeLook.run();
        try {
            ShadowCopies answer = real.shadowCopies(node);
            shadowCopyLooks.put(node, events.incrementAndGet());
            pass(Call.SHADOW_COPIES);
            answers.put(node, answer);
            listedSincePoll.add(node);
            onMoment.accept(Moment.AFTER_SHADOW_COPIES);
            return hidesThatVssRanBefore
                    ? new ShadowCopies(
                            answer.copies(), new ServiceStatus(ServiceStatus.STOPPED, null, null), answer.volumes())
                    : answer;
        } catch (ClusterException e) {
            onTrouble.run();
            throw e;
        }
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
