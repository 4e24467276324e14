package io.github.csvbackup.model;

import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.model.LiveBackup.Phase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The backups that really run: those of the volume, and one of its neighbour. An impossible move does nothing. */
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
    private @Nullable NodeName neighbourOn;

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

    /** The backups of the volume, in the order in which they began. */
    List<LiveBackup> alive() {
        return List.copyOf(alive);
    }

    boolean hasSessionOn(NodeName node) {
        return node == neighbourOn || alive.stream().anyMatch(backup -> backup.hasSession() && backup.node == node);
    }

    private Optional<LiveBackup> inProgressOn(NodeName node) {
        return alive.stream()
                .filter(backup -> backup.isInProgress() && backup.node == node)
                .findFirst();
    }

    private Optional<LiveBackup> first(Kind kind) {
        return alive.stream()
                .filter(backup -> backup.isInProgress() == (kind == Kind.IN_PROGRESS))
                .findFirst();
    }

    boolean isOneInProgress() {
        return first(Kind.IN_PROGRESS).isPresent();
    }

    void prepare(NodeName node) {
        if (inProgressOn(node).isEmpty() && nodes.isInCluster(node)) {
            controls.prepareBackup(World.VOLUME, node.name());
            alive.add(new LiveBackup(node));
        }
    }

    /** The prepared backup of the node opens its VSS session; false if there is none. */
    boolean openSession(NodeName node) {
        Optional<LiveBackup> prepared = inProgressOn(node).filter(backup -> backup.phase == Phase.PREPARED);
        prepared.ifPresent(backup -> {
            backup.phase = Phase.SESSION;
            backup.sessionOpened = events.incrementAndGet();
        });
        return prepared.isPresent();
    }

    /** A backup makes its shadow copy: the one of the node that has none yet, or a new one. */
    void start(NodeName node) {
        if (inProgressOn(node).isEmpty() && nodes.isInCluster(node)) {
            alive.add(new LiveBackup(node));
        }
        inProgressOn(node).filter(backup -> !backup.hasCopy()).ifPresent(this::makeCopy);
    }

    private void makeCopy(LiveBackup backup) {
        controls.startBackup(World.VOLUME, backup.node.name());
        if (backup.phase == Phase.PREPARED) {
            backup.sessionOpened = events.incrementAndGet();
        }
        backup.phase = Phase.COPY;
        backup.copyMade = events.incrementAndGet();
        backup.copyCreated = clock.instant();
    }

    /** The first backup ends its session and goes on reading a persistent copy. */
    void readPersistentCopy() {
        first(Kind.IN_PROGRESS).filter(backup -> backup.phase == Phase.COPY).ifPresent(backup -> {
            controls.killBackup(World.VOLUME);
            controls.addShadowCopy(World.VOLUME, backup.node.name(), true);
            backup.phase = Phase.READING;
            backup.copyCreated = clock.instant();
        });
    }

    /** The first of this kind, or of the other kind, completes. */
    void complete(Kind kind) {
        end(kind, () -> controls.completeBackup(World.VOLUME));
    }

    /** The first of this kind, or of the other kind, dies. */
    void kill(Kind kind) {
        end(kind, () -> controls.killBackup(World.VOLUME));
    }

    /** The simulated cluster, too, ends the one in progress that began first. */
    private void end(Kind kind, Runnable inCluster) {
        Kind other = kind == Kind.READING ? Kind.IN_PROGRESS : Kind.READING;
        first(kind).or(() -> first(other)).ifPresent(backup -> {
            if (backup.isInProgress()) {
                inCluster.run();
            }
            ended(backup);
        });
    }

    private void ended(LiveBackup backup) {
        alive.remove(backup);
    }

    /** The machine is off, which ends its backups. */
    void turnedOff(NodeName node) {
        alive().stream().filter(backup -> backup.node == node).forEach(this::ended);
        if (neighbourOn == node) {
            neighbourOn = null;
        }
    }

    /** A backup of the neighbour begins on the node, or ends if there is one on any node. */
    void toggleNeighbour(NodeName node) {
        if (neighbourOn != null) {
            endNeighbour();
        } else if (nodes.isInCluster(node)) {
            neighbourOn = node;
            controls.startBackup(World.NEIGHBOUR, node.name());
        }
    }

    private void endNeighbour() {
        neighbourOn = null;
        controls.completeBackup(World.NEIGHBOUR);
    }

    /** All backups die, that of the neighbour completes, and all shadow copies of the volume are removed. */
    void endAll() {
        while (isOneInProgress()) {
            kill(Kind.IN_PROGRESS);
        }
        if (neighbourOn != null) {
            endNeighbour();
        }
        alive().forEach(this::ended);
        controls.removeShadowCopies(World.VOLUME);
    }
}
