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
import java.util.List;

/** A cluster whose answers the oracle hears, and whose calls may take their time or never answer. */
final class ObservedCluster implements Cluster {
    /** What a call of may be slow. */
    enum Call {
        READ,
        SERVICE,
        SHADOW_COPIES
    }

    private final Cluster real;
    private final CheckOracle oracle;
    private final MovableClock clock;
    private final Duration deadline;
    /** Services whose users are alive run when they are looked at. */
    private final Runnable settle;

    /** Runs at the native clear, before it does anything. */
    Runnable onClear = () -> {};

    boolean isolationIsNotTold;
    ResourceState resourceState = ResourceState.ONLINE;
    private Call slow = Call.READ;
    private Duration takes = Duration.ZERO;

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
    public List<ShadowCopy> shadowCopies(String node) throws ClusterException {
        List<ShadowCopy> copies = real.shadowCopies(node);
        pass(Call.SHADOW_COPIES);
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
        onClear.run();
        real.clear(volume);
    }

    @Override
    public void close() {}
}
