package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.threads.SupervisedLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls the cluster, one poll at a time, and publishes a snapshot after each. Thread-safe. */
public final class Watcher implements VolumeWatch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final WatchSettings settings;
    private final DiskReads disks;
    private final ClusterPoll poll;
    private final List<Consumer<WatchEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Snapshot>> snapshotListeners = new CopyOnWriteArrayList<>();
    private final PollTurns turns = new PollTurns();
    private final SupervisedLoop loop;
    private volatile Supplier<Wanted> alsoWanted = () -> Wanted.NOTHING;
    private volatile Function<Snapshot, @Nullable MachineBackups> machineBackups = next -> null;
    private volatile @Nullable Supplier<List<Instant>> plannedLists;
    private volatile boolean started;
    private volatile Snapshot snapshot;
    private volatile long begunNanos;
    private volatile @Nullable Throwable listenerFailure;

    /**
     * A watcher that has not started.
     *
     * @param nanoTime measures durations, as {@link System#nanoTime} does; it is never set back
     */
    public Watcher(Cluster cluster, NodeEvidence evidence, WatchSettings settings, Clock clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.disks = new DiskReads(cluster, settings.serviceDeadline(), clock, nanoTime);
        this.poll = new ClusterPoll(cluster, evidence, disks, settings, clock, nanoTime, this::wake);
        this.snapshot = Snapshot.initial(clock.instant());
        this.loop = new SupervisedLoop("csv-backup-watch", this::timedPoll, this::pause);
    }

    /** Adds a listener, called on the polling thread once the watcher has started; it must not block. */
    public void onEvent(Consumer<WatchEvent> listener) {
        eventListeners.add(listener);
    }

    /** Adds a listener for each published snapshot, called on the polling thread once the watcher has started; it must not block. */
    public void onSnapshot(Consumer<Snapshot> listener) {
        snapshotListeners.add(listener);
    }

    /**
     * Reads the services of the nodes also while no volume's state is set, as long as the condition holds. That starts no service.
     *
     * @param wanted the condition, evaluated at each poll; must not block
     */
    public void alsoReadServicesWhile(BooleanSupplier wanted) {
        poll.alsoReadServicesWhile(wanted);
    }

    /** The services of this agent's own node, for the agents of other nodes. */
    public OwnServices ownServices() {
        return poll.ownServices();
    }

    /**
     * Reads these volumes at each poll, whatever their rate.
     *
     * @param wanted the volumes, evaluated at each poll; must not block
     */
    public void alsoRead(Supplier<Set<VolumeKey>> wanted) {
        alsoWanted = () -> {
            Set<VolumeKey> volumes = wanted.get();
            return volumes.isEmpty()
                    ? Wanted.NOTHING
                    : Wanted.disks(volumes.stream().map(VolumeKey::resourceId));
        };
    }

    /**
     * Each snapshot carries what virtual machines say about backups, and when this agent will list shadow copies. Both are evaluated at each poll,
     * on its thread, and must not block.
     *
     * @param told gets what the poll has found
     * @param planned in order
     */
    public void alsoCarry(Function<Snapshot, @Nullable MachineBackups> told, Supplier<List<Instant>> planned) {
        machineBackups = told;
        plannedLists = planned;
    }

    /** The state to keep across a restart. */
    public static List<StateLine> saveState(Snapshot snapshot) {
        return WatchStateLines.write(snapshot);
    }

    /** True if {@link #saveState} of the two snapshots differ only in times of reads. */
    public static boolean saveTheSame(Snapshot one, Snapshot other) {
        return WatchStateLines.sayTheSame(one, other);
    }

    /**
     * Restores the state of an earlier run; call it before the first poll.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    public void restoreState(List<StateLine> lines) {
        snapshot = Snapshot.initial(
                snapshot.startTime(), WatchStateLines.read(lines), WatchStateLines.readDurations(lines));
    }

    /** Starts polling, at once and then at the poll interval. */
    public void start() {
        loop.start();
        started = true;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * The snapshot of a poll that begins after this call. The polling thread makes the poll, so that no listener runs on a thread of the host. An
     * interrupt does not end the wait, which lasts at most for the rest of a poll in progress and one more. Before {@link #start} the caller's
     * thread polls; a listener on the polling thread gets the last snapshot.
     *
     * @throws PollingEndedException if polling ends before that
     * @throws IllegalStateException with a message for users, if a bug makes the poll fail
     */
    @Override
    public Snapshot refresh() {
        return refresh(Wanted.ALL);
    }

    @Override
    public Snapshot refresh(Collection<Volume> volumes) {
        return refresh(Wanted.disks(volumes.stream().map(Volume::resourceId)));
    }

    private Snapshot refresh(Wanted wanted) {
        if (loop.isCurrent()) {
            return snapshot;
        }
        if (started) {
            turns.awaitNew(wanted);
        } else {
            poll(wanted);
        }
        return snapshot;
    }

    /** Reads what is due, on the caller's thread; for a watcher that has not started. */
    public void pollOnce() {
        poll(Wanted.NOTHING);
    }

    @Override
    public Volume readAgain(Volume volume) throws ClusterException {
        return disks.again(volume);
    }

    private synchronized void poll(Wanted wanted) {
        PollTurns.Turn turn = turns.begin();
        Throwable failed = null;
        try {
            SnapshotUpdate.Step step = SnapshotUpdate.next(
                    settings,
                    snapshot,
                    poll.run(snapshot, turn.wanted().and(wanted).and(alsoWanted.get())));
            Supplier<List<Instant>> planned = plannedLists;
            snapshot =
                    step.snapshot().with(machineBackups(step.snapshot()), planned == null ? List.of() : planned.get());
            for (WatchEvent event : step.events()) {
                eventListeners.forEach(listener -> tell(listener, event));
            }
            snapshotListeners.forEach(listener -> tell(listener, snapshot));
        } catch (Throwable e) {
            failed = e;
            throw e;
        } finally {
            turns.end(turn.number(), failed);
        }
    }

    private @Nullable MachineBackups machineBackups(Snapshot next) {
        try {
            return machineBackups.apply(next);
        } catch (RuntimeException | Error e) {
            // It must not end the poll. What machines said before still counts.
            listenerFailure = e;
            return snapshot.machineBackups();
        }
    }

    /** A failing listener, even with an error, affects neither the other listeners nor the caller that asked for the poll. */
    private <T> void tell(Consumer<T> listener, T what) {
        try {
            listener.accept(what);
        } catch (RuntimeException | Error e) {
            listenerFailure = e;
        }
    }

    private void timedPoll() {
        begunNanos = System.nanoTime();
        poll(Wanted.NOTHING);
        Throwable failed = listenerFailure;
        if (failed != null) {
            listenerFailure = null;
            throw new IllegalStateException("A listener of the watch failed", failed);
        }
    }

    private void pause() throws InterruptedException {
        turns.pause(PollTurns.pauseNanos(settings.pollInterval().toNanos(), System.nanoTime() - begunNanos));
    }

    /** The polling thread, which a supervisor restarts if it dies. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** Makes the next poll early, because something may have changed. Returns at once. */
    public void wake() {
        turns.wake();
    }

    /** Ends polling; waits a moment for a poll in progress, which ends by itself if it hangs. */
    @Override
    public void close() {
        loop.close();
        turns.close();
        if (!loop.endsWithin(ENDS_WITHIN)) {
            LOG.debug("A poll is still in progress");
        }
    }
}
