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
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.cluster.WindowsVersion;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The simulated cluster between model and agent: the oracle sees each answer, and calls may be slow or hang. */
final class ObservedCluster implements Cluster {
    /** A call that may be slow or hang. */
    enum Call {
        READ,
        SERVICE,
        SHADOW_COPIES,
        DISK,
        /** The native clear: it does its work. If it hangs, its answer is lost. */
        CLEAR
    }

    /** The moments of a clear at which something else may happen. */
    enum Moment {
        BEFORE_SHADOW_COPIES,
        AFTER_SHADOW_COPIES,
        /** Before the clear reads the volume again, shortly before its native call. */
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

    /** The states of the disk on which a volume lies. */
    enum Disk {
        ONLINE,
        OFFLINE_PENDING
    }

    private static final ResourceState OFFLINE_PENDING = new ResourceState(130);
    private static final WindowsVersion WINDOWS_2008_R2 = new WindowsVersion(6, 1);
    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";

    private final Cluster real;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration deadline;
    private final AtomicLong events;

    /** Runs before the services or the shadow copies of a node are read. */
    Runnable beforeLook = () -> {};

    /** Runs at the native clear of a volume, before it does anything. */
    Consumer<VolumeName> onClear = volume -> {};

    /** Runs before and after a node lists its shadow copies. */
    Consumer<Moment> onMoment = moment -> {};

    /** Runs before a clear reads the volume again. */
    Consumer<VolumeName> onRereading = volume -> {};

    /** Runs when a call was slow, hung or failed, so that the agent had to wait or did not get its answer. */
    Runnable onTrouble = () -> {};

    /** How the next native clear goes wrong. */
    Misbehaviour misbehaviour = Misbehaviour.NONE;

    boolean hidesIsolation;
    boolean hidesThatVssRanBefore;
    /** A service that runs is reported as not readable, but not by the agent of its node. */
    boolean hidesRunningServices;
    /** A node that denies access seems to fail for another reason. */
    boolean hidesDenials;
    /** NODE2 gives this agent no access. */
    boolean deniesAccess;
    /** While it returns true, VSS is reported as stopped. */
    BooleanSupplier hidesVss = () -> false;

    boolean hidesUnknownVolumes;
    boolean hidesVersions;
    /** While it returns true, the process of the VSS service seems to be the one right after the list. */
    BooleanSupplier hidesVssProcess = () -> false;
    /** A native clear whose answer was lost seems to have returned 0. */
    boolean hidesLostAnswers;

    /** True if the nodes list the copies of Cluster Shared Volumes under the GUID names of hidden volumes. */
    boolean showsHiddenVolumes;

    private final Map<VolumeName, Disk> disks = new EnumMap<>(VolumeName.class);
    private final Set<VolumeName> backedUp = EnumSet.noneOf(VolumeName.class);
    /** When the machines on these volumes said so. */
    private final Map<VolumeKey, Instant> backedUpOnNode2 = new HashMap<>();

    private static final Duration MACHINES_COUNT = Duration.ofMinutes(5);

    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;
    private final Map<String, Long> shadowCopyLooks = new HashMap<>();
    private final Map<String, ShadowCopies> answers = new HashMap<>();
    private boolean asked;
    private ObservedRequest request;
    private long nanosInQuestions;
    private long nanosInClears;
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
        this.request = new ObservedRequest(clock, List.of());
    }

    void setDisk(VolumeName volume, Disk disk) {
        disks.put(volume, disk);
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

    /** A request to clear these volumes begins. */
    void requestBegins(List<VolumeName> volumes) {
        request = new ObservedRequest(clock, volumes);
    }

    /** What was seen of the last request to clear. */
    ObservedRequest request() {
        return request;
    }

    /** How long the nodes have taken for their lists. */
    long nanosInQuestions() {
        return nanosInQuestions;
    }

    /** How long the native clears have taken. */
    long nanosInClears() {
        return nanosInClears;
    }

    private void pass(Call call) throws ClusterException {
        Duration time = takes;
        if (call != slow || time.isZero()) {
            return;
        }
        takes = Duration.ZERO;
        boolean hangs = time.compareTo(deadline) > 0;
        clock.advance(hangs ? deadline : time);
        long nanos = (hangs ? deadline : time).toNanos();
        nanosInQuestions += call == Call.SHADOW_COPIES ? nanos : 0;
        nanosInClears += call == Call.CLEAR ? nanos : 0;
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
                shared.id(), shared.name(), shared.owner(), isOnline(shared.name()) ? shared.state() : OFFLINE_PENDING);
    }

    private boolean isOnline(String disk) {
        return disks.get(VolumeName.onDisk(disk)) != Disk.OFFLINE_PENDING;
    }

    /** By the name for a poll, by the id for a clear that reads again. */
    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        Volume read = real.volumes(disk).get(0);
        if (read.resourceId().equals(disk)) {
            polling = false;
            request.rereads(VolumeName.of(read));
            onRereading.accept(VolumeName.of(read));
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
                isOnline(volume.resourceName()) ? ResourceState.ONLINE : OFFLINE_PENDING,
                volume.friendlyPath(),
                volume.guidName(),
                volume.faultState(),
                volume.backupState());
    }

    // The agent of a node.

    /** It is asked. */
    void asksPeer(String node, boolean withShadowCopies) {
        if (withShadowCopies) {
            asked = true;
            polling = false;
            request.asks("the agent of " + node);
            onMoment.accept(Moment.BEFORE_SHADOW_COPIES);
        }
        beforeLook.run();
    }

    /** It makes its list. */
    ShadowCopies listForPeer(String node) throws ClusterException {
        ShadowCopies told = real.shadowCopies(node);
        return new ShadowCopies(shown(told.copies()), told.vssBefore(), told.volumes());
    }

    /** As the agent under test counts it: half of its deadline, because it asks another source then. */
    boolean isTooLate(Duration took, boolean withShadowCopies) {
        return took.compareTo(withShadowCopies ? deadline : deadline.dividedBy(2)) > 0;
    }

    /** Its answer arrived in time. */
    void peerAnswered(String node, PeerEvidence answer) {
        NodeAnswer<ShadowCopies> listed = answer.shadowCopies();
        ShadowCopies list = listed == null ? null : listed.value();
        if (list != null) {
            // A session that was open at the question must be in the list.
            shadowCopyLooks.put(node, events.incrementAndGet());
            answers.put(node, list);
            request.listed(node);
            onMoment.accept(Moment.AFTER_SHADOW_COPIES);
        }
        ServiceStatus vss = answer.vss().status();
        if (polling) {
            if (answer.machines().known()) {
                backedUpOnNode2.clear();
                answer.machines().running().forEach(backup -> backedUpOnNode2.put(backup.volume(), backup.at()));
            }
            oracle.toldByAgent(VSS, node, answer.vss(), clock.instant());
            oracle.toldByAgent(SOFTWARE_PROVIDER, node, answer.softwareProvider(), clock.instant());
        } else if (list == null || (vss != null && vss.state() == ServiceStatus.RUNNING)) {
            request.readVss(node, vss);
        }
    }

    private void mayDeny(String node, String kind) throws ClusterException {
        if (!node.equals(NodeName.NODE2.name())) {
            return;
        }
        oracle.asked(node + " " + kind, clock.nanoTime(), deniesAccess);
        if (deniesAccess) {
            onTrouble.run();
            throw ClusterException.win32(kind, hidesDenials ? 1722 : 5);
        }
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        ServiceStatus status = null;
        try {
            mayDeny(node, "OpenSCManager");
            beforeLook.run();
            ServiceStatus answer = real.service(node, service);
            pass(Call.SERVICE);
            status = answer;
            if (hidesRunningServices && !answer.isStopped() && polling) {
                throw ClusterException.win32("QueryServiceStatusEx", 1722);
            }
            if (service.equals(VSS) && hidesVss.getAsBoolean()) {
                return new ServiceStatus(ServiceStatus.STOPPED, null, null);
            }
            Long process = polling ? null : request.vssRightAfterTheList(node);
            return hidesVssProcess.getAsBoolean() && process != null
                    ? new ServiceStatus(ServiceStatus.RUNNING, process, null)
                    : status;
        } finally {
            // Right after a list of shadow copies the service is not asked for by a poll.
            if (polling) {
                oracle.service(service, node, status, clock.instant());
            } else if (service.equals(VSS)) {
                request.readVss(node, status);
            }
        }
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        asked = true;
        polling = false;
        request.asks(node);
        onMoment.accept(Moment.BEFORE_SHADOW_COPIES);
        beforeLook.run();
        try {
            mayDeny(node, "Win32_ShadowCopy");
            ShadowCopies real = this.real.shadowCopies(node);
            ShadowCopies answer = new ShadowCopies(shown(real.copies()), real.vssBefore(), real.volumes());
            shadowCopyLooks.put(node, events.incrementAndGet());
            pass(Call.SHADOW_COPIES);
            answers.put(node, answer);
            request.listed(node);
            onMoment.accept(Moment.AFTER_SHADOW_COPIES);
            return new ShadowCopies(
                    withPlantedBug(answer.copies()),
                    hidesThatVssRanBefore ? new ServiceStatus(ServiceStatus.STOPPED, null, null) : answer.vssBefore(),
                    answer.volumes());
        } catch (ClusterException e) {
            onTrouble.run();
            throw e;
        }
    }

    private List<ShadowCopy> shown(List<ShadowCopy> copies) {
        return showsHiddenVolumes ? copies.stream().map(HiddenVolumes::hide).toList() : copies;
    }

    private List<ShadowCopy> withPlantedBug(List<ShadowCopy> copies) {
        return hidesUnknownVolumes
                ? copies.stream().filter(copy -> !HiddenVolumes.isOfOne(copy)).toList()
                : copies;
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) {
        return List.of();
    }

    @Override
    public Optional<List<VirtualMachine>> virtualMachines() throws ClusterException {
        Optional<List<VirtualMachine>> told = real.virtualMachines();
        backedUp.clear();
        told.orElse(List.of()).stream()
                .filter(VirtualMachine::isBackingUp)
                .forEach(machine -> backedUp.add(VolumeName.valueOf(machine.name())));
        return told;
    }

    /** What ran there runs no longer. */
    void turnedOff(NodeName node) {
        if (node == NodeName.NODE2) {
            backedUpOnNode2.clear();
        }
    }

    /**
     * True if the machine on the volume said that it is being backed up when the agent last asked, or if that on the other node said so lately, as the
     * agent of that node told.
     */
    boolean isMachineBackedUp(VolumeName volume) {
        Instant told = backedUpOnNode2.get(volume.key());
        return backedUp.contains(volume)
                || (told != null && !told.plus(MACHINES_COUNT).isBefore(clock.instant()));
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        VolumeName name = VolumeName.of(volume);
        onClear.accept(name);
        request.calls(name);
        Misbehaviour now = misbehaviour;
        misbehaviour = Misbehaviour.NONE;
        try {
            clear(volume, root, now);
        } catch (ClusterException e) {
            request.goesWrong();
            if (!hidesLostAnswers) {
                throw e;
            }
        }
    }

    private void clear(Volume volume, String root, Misbehaviour now) throws ClusterException {
        switch (now) {
            case NONE -> {
                real.clear(volume, root);
                pass(Call.CLEAR);
            }
            case REFUSES -> throw ClusterException.win32(FUNCTION, 5);
            case ANSWER_IS_LOST -> {
                real.clear(volume, root);
                throw ClusterException.win32(FUNCTION, 1726);
            }
            case CONNECTION_IS_LOST -> throw ClusterException.win32(FUNCTION, 1726);
            case LIES -> request.goesWrong();
        }
    }

    @Override
    public void close() {}
}
