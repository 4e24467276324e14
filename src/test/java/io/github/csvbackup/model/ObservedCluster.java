package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterReading;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A cluster whose answers the oracle hears, and whose calls may take their time or never answer. */
final class ObservedCluster implements Cluster {
    /** What a call of may be slow. */
    enum Call {
        READ,
        SERVICE,
        SHADOW_COPIES
    }

    /** Points of a clear at which something else may happen. */
    enum Moment {
        BEFORE_SHADOW_COPIES,
        AFTER_SHADOW_COPIES,
        BEFORE_REREADING
    }

    /** What a native clear may do instead. */
    enum Misbehaviour {
        NONE,
        /** It says no and does nothing. */
        REFUSES,
        /** It does its work, and the answer is lost. */
        ANSWER_IS_LOST,
        /** It does nothing, and the connection is lost. */
        CONNECTION_IS_LOST,
        /** It returns 0 and does nothing. */
        LIES
    }

    private static final String FUNCTION = "ClusterClearBackupStateForSharedVolume";

    private final Cluster real;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration deadline;
    /** Services whose users are alive run when they are looked at. */
    private final Runnable settle;

    /** Runs at the native clear of a volume, before it does anything. */
    Consumer<Volume> onClear = volume -> {};

    /** Runs when a clear comes to this point. */
    Consumer<Moment> moment = moment -> {};

    /** Runs when a call was slow, hung or failed, so that somebody had to wait or does not know. */
    Runnable onTrouble = () -> {};

    /** How the next native clear goes wrong. */
    Misbehaviour misbehaviour = Misbehaviour.NONE;

    boolean isolationIsNotTold;
    boolean vssBeforeIsNotTold;
    ResourceState resourceState = ResourceState.ONLINE;
    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;
    private long events;
    private final Map<String, Long> shadowCopyLooks = new HashMap<>();
    private final Set<String> answered = new HashSet<>();

    ObservedCluster(Cluster real, CheckOracle oracle, MovableClock clock, Duration deadline, Runnable settle) {
        this.real = real;
        this.oracle = oracle;
        this.clock = clock;
        this.deadline = deadline;
        this.settle = settle;
    }

    /** The next such call takes so long; longer than the deadline means that it hangs. */
    void slowDown(Call call, Duration time) {
        slow = call;
        takes = time;
    }

    /** The number of what happens now, for the order of it. */
    long next() {
        return ++events;
    }

    /** When the node last listed its shadow copies, in the order of what happens. */
    long shadowCopyLook(String node) {
        return shadowCopyLooks.getOrDefault(node, 0L);
    }

    /** The nodes that listed their shadow copies since the last call of this. */
    Set<String> takeAnswered() {
        Set<String> taken = Set.copyOf(answered);
        answered.clear();
        return taken;
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
        settle.run();
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
    public ClusterReading read() throws ClusterException {
        ClusterReading reading = null;
        try {
            ClusterReading told = real.read();
            List<Volume> volumes = new ArrayList<>();
            told.volumes().forEach(volume -> volumes.add(withResourceState(volume)));
            pass(Call.READ);
            reading =
                    new ClusterReading(told.clusterName(), told.localNode(), told.nodes(), volumes, told.unreadable());
        } finally {
            oracle.read(reading, clock.instant());
        }
        if (!isolationIsNotTold) {
            return reading;
        }
        List<Node> nodes = reading.nodes().stream()
                .map(node -> new Node(node.name(), node.state(), 0))
                .toList();
        return new ClusterReading(
                reading.clusterName(), reading.localNode(), nodes, reading.volumes(), reading.unreadable());
    }

    private Volume withResourceState(Volume volume) {
        return new Volume(
                volume.resourceId(),
                volume.resourceName(),
                volume.ownerNode(),
                resourceState,
                volume.friendlyPath(),
                volume.guidName(),
                volume.faultState(),
                volume.backupState());
    }

    @Override
    public Volume read(VolumeKey key) throws ClusterException {
        moment.accept(Moment.BEFORE_REREADING);
        return withResourceState(real.read(key));
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        ServiceStatus status = null;
        try {
            settle.run();
            ServiceStatus told = real.service(node, service);
            pass(Call.SERVICE);
            status = told;
            return status;
        } finally {
            oracle.service(service, node, status, clock.instant());
        }
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        moment.accept(Moment.BEFORE_SHADOW_COPIES);
        settle.run();
        try {
            ShadowCopies told = real.shadowCopies(node);
            shadowCopyLooks.put(node, next());
            pass(Call.SHADOW_COPIES);
            answered.add(node);
            moment.accept(Moment.AFTER_SHADOW_COPIES);
            return vssBeforeIsNotTold
                    ? new ShadowCopies(told.copies(), new ServiceStatus(ServiceStatus.STOPPED, null, null))
                    : told;
        } catch (ClusterException e) {
            onTrouble.run();
            throw e;
        }
    }

    @Override
    public IoReading ioStates() {
        return new IoReading(List.of(), List.of());
    }

    @Override
    public void onChange(Runnable wake) {}

    @Override
    public void clear(Volume volume) throws ClusterException {
        onClear.accept(volume);
        Misbehaviour now = misbehaviour;
        misbehaviour = Misbehaviour.NONE;
        switch (now) {
            case NONE -> real.clear(volume);
            case REFUSES -> throw ClusterException.win32(FUNCTION, 5);
            case ANSWER_IS_LOST -> {
                real.clear(volume);
                throw ClusterException.win32(FUNCTION, 1726);
            }
            case CONNECTION_IS_LOST -> throw ClusterException.win32(FUNCTION, 1726);
            case LIES -> {}
        }
    }

    @Override
    public void close() {}
}
