package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.model.LiveBackup.Phase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The backups that really run. An impossible move does nothing. */
final class Backups {
    /** Two kinds of backup, of which one ends. */
    enum Kind {
        IN_PROGRESS,
        /** It reads a persistent copy. */
        READING
    }

    private final SimulatedClusterMBean controls;
    private final Nodes nodes;
    private final AtomicLong events;
    private final Clock clock;
    private final List<LiveBackup> alive = new ArrayList<>();

    /**
     * No backup yet.
     *
     * @param events numbers all events in their order
     */
    Backups(SimulatedClusterMBean controls, Nodes nodes, AtomicLong events, Clock clock) {
        this.controls = controls;
        this.nodes = nodes;
        this.events = events;
        this.clock = clock;
    }

    /** All of them, in the order in which they began. */
    List<LiveBackup> alive() {
        return List.copyOf(alive);
    }

    /** The backups of the volume, in the order in which they began. */
    List<LiveBackup> of(VolumeName volume) {
        return alive.stream().filter(backup -> backup.volume == volume).toList();
    }

    boolean hasSessionOn(NodeName node) {
        return alive.stream().anyMatch(backup -> backup.hasSession() && backup.node == node);
    }

    private Optional<LiveBackup> inProgress(VolumeName volume, NodeName node) {
        return of(volume).stream()
                .filter(backup -> backup.isInProgress() && backup.node == node)
                .findFirst();
    }

    private Optional<LiveBackup> first(VolumeName volume, Kind kind) {
        return of(volume).stream()
                .filter(backup -> backup.isInProgress() == (kind == Kind.IN_PROGRESS))
                .findFirst();
    }

    boolean isOneInProgress(VolumeName volume) {
        return first(volume, Kind.IN_PROGRESS).isPresent();
    }

    void prepare(VolumeName volume, NodeName node) {
        if (inProgress(volume, node).isEmpty() && nodes.isInCluster(node)) {
            controls.prepareBackup(volume.path, node.name());
            alive.add(new LiveBackup(volume, node));
        }
    }

    /** The prepared backup of the volume on the node opens its VSS session; false if there is none. */
    boolean openSession(VolumeName volume, NodeName node) {
        Optional<LiveBackup> prepared = inProgress(volume, node).filter(backup -> backup.phase == Phase.PREPARED);
        prepared.ifPresent(backup -> {
            backup.phase = Phase.SESSION;
            backup.sessionOpened = events.incrementAndGet();
        });
        return prepared.isPresent();
    }

    /** A backup of the volume makes its shadow copy: the one on the node that has none yet, or a new one. */
    void start(VolumeName volume, NodeName node) {
        if (inProgress(volume, node).isEmpty() && nodes.isInCluster(node)) {
            alive.add(new LiveBackup(volume, node));
        }
        inProgress(volume, node).filter(backup -> !backup.hasCopy()).ifPresent(this::makeCopy);
    }

    private void makeCopy(LiveBackup backup) {
        controls.startBackup(backup.volume.path, backup.node.name());
        if (backup.phase == Phase.PREPARED) {
            backup.sessionOpened = events.incrementAndGet();
        }
        backup.phase = Phase.COPY;
        backup.copyMade = events.incrementAndGet();
        backup.copyCreated = clock.instant();
    }

    /** The first backup of the volume ends its session and goes on reading a persistent copy. */
    void readPersistentCopy(VolumeName volume) {
        first(volume, Kind.IN_PROGRESS)
                .filter(backup -> backup.phase == Phase.COPY)
                .ifPresent(backup -> {
                    controls.killBackup(volume.path);
                    controls.addShadowCopy(volume.path, backup.node.name(), true);
                    backup.phase = Phase.READING;
                    backup.copyCreated = clock.instant();
                });
    }

    /** The first of this kind, or of the other kind, completes. */
    void complete(VolumeName volume, Kind kind) {
        end(volume, kind, () -> controls.completeBackup(volume.path));
    }

    /** The first of this kind, or of the other kind, dies. */
    void kill(VolumeName volume, Kind kind) {
        end(volume, kind, () -> controls.killBackup(volume.path));
    }

    /** The simulated cluster, too, ends the one in progress that began first. */
    private void end(VolumeName volume, Kind kind, Runnable inCluster) {
        Kind other = kind == Kind.READING ? Kind.IN_PROGRESS : Kind.READING;
        first(volume, kind).or(() -> first(volume, other)).ifPresent(backup -> {
            if (backup.isInProgress()) {
                inCluster.run();
            }
            alive.remove(backup);
        });
    }

    /** The machine is off, which ends its backups. */
    void turnedOff(NodeName node) {
        alive.removeIf(backup -> backup.node == node);
    }

    /** All backups die, and all shadow copies of the volumes are removed. */
    void endAll() {
        for (VolumeName volume : VolumeName.values()) {
            while (isOneInProgress(volume)) {
                kill(volume, Kind.IN_PROGRESS);
            }
            controls.removeShadowCopies(volume.path);
        }
        alive.clear();
    }
}
