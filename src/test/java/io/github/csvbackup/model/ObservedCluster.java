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
import io.github.csvbackup.cluster.ShadowCopy;
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

    /** How the next native clear goes wrong. */
    Misbehaviour misbehaviour = Misbehaviour.NONE;

    boolean isolationIsNotTold;
    ResourceState resourceState = ResourceState.ONLINE;
    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;
    private long events;
    private final Map<String, Long> serviceLooks = new HashMap<>();
    private final Map<String, Long> shadowCopyLooks = new HashMap<>();
    private final Set<String> silentNodes = new HashSet<>();

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

    /** When the node was last asked for a service, in the order of what happens. */
    long serviceLook(String node) {
        return serviceLooks.getOrDefault(node, 0L);
    }

    /** When the node last listed its shadow copies. */
    long shadowCopyLook(String node) {
        return shadowCopyLooks.getOrDefault(node, 0L);
    }

    /** True if the node gave no list of shadow copies since this was forgotten, although it was asked. */
    boolean wasSilent(String node) {
        return silentNodes.contains(node);
    }

    void forgetSilence() {
        silentNodes.clear();
    }

    private void pass(Call call) throws ClusterException {
        Duration time = takes;
        if (call != slow || time.isZero()) {
            return;
        }
        takes = Duration.ZERO;
        boolean hangs = time.compareTo(deadline) > 0;
        clock.advance(hangs ? deadline : time);
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
            serviceLooks.put(node, next());
            return status;
        } finally {
            oracle.service(service, node, status, clock.instant());
        }
    }

    @Override
    public List<ShadowCopy> shadowCopies(String node) throws ClusterException {
        moment.accept(Moment.BEFORE_SHADOW_COPIES);
        silentNodes.add(node);
        List<ShadowCopy> copies = real.shadowCopies(node);
        pass(Call.SHADOW_COPIES);
        silentNodes.remove(node);
        shadowCopyLooks.put(node, next());
        moment.accept(Moment.AFTER_SHADOW_COPIES);
        return copies;
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
