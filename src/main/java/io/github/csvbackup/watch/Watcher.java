package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.threads.DaemonThread;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls the cluster, one poll at a time, and publishes a snapshot after each. Thread-safe. */
public final class Watcher implements VolumeWatch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WatchSettings settings;
    private final ClusterPoll poll;
    private final List<Consumer<WatchEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Snapshot>> snapshotListeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock polling = new ReentrantLock();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final ReentrantLock pause = new ReentrantLock();
    private final Condition called = pause.newCondition();
    private boolean woken;
    private final Thread thread;
    private volatile boolean closed;
    private volatile Snapshot snapshot;

    public Watcher(Cluster cluster, NodeEvidence evidence, WatchSettings settings, Clock clock) {
        this.settings = settings;
        this.poll = new ClusterPoll(cluster, evidence, settings.callDeadline(), clock, this::wake);
        this.snapshot = Snapshot.initial(clock.instant());
        this.thread = DaemonThread.named("csv-backup-watch", this::run);
    }

    /** Adds a listener, called on the polling thread: it must not block. */
    public void onEvent(Consumer<WatchEvent> listener) {
        eventListeners.add(listener);
    }

    /** Adds a listener for each published snapshot, called on the polling thread: it must not block. */
    public void onSnapshot(Consumer<Snapshot> listener) {
        snapshotListeners.add(listener);
    }

    /** What is to be known after a restart. */
    public List<StateLine> saveState() {
        return WatchStateLines.write(snapshot);
    }

    /**
     * What an earlier run knew; to be called before the first poll.
     *
     * @throws IllegalArgumentException if a line is not as it was written
     */
    public void restoreState(List<StateLine> lines) {
        snapshot = Snapshot.initial(snapshot.startTime(), WatchStateLines.read(lines));
    }

    /** Starts polling, at once and then at the poll interval. */
    public void start() {
        thread.start();
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Snapshot refresh() {
        long before = begun.get();
        polling.lock();
        try {
            // A poll that began while this thread waited for the lock serves as well, if it came to its end.
            if (ended.get() <= before) {
                poll();
            }
            return snapshot;
        } finally {
            polling.unlock();
        }
    }

    private void poll() {
        long number = begun.incrementAndGet();
        SnapshotUpdate.Step step = SnapshotUpdate.next(settings, snapshot, poll.run());
        snapshot = step.snapshot();
        ended.set(number);
        for (WatchEvent event : step.events()) {
            eventListeners.forEach(listener -> tell(listener, event));
        }
        snapshotListeners.forEach(listener -> tell(listener, step.snapshot()));
    }

    /** A listener's defect, an error included, must not end the watch. */
    private static <T> void tell(Consumer<T> listener, T what) {
        try {
            listener.accept(what);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener failed on {}", what.getClass().getSimpleName(), e);
        }
    }

    private void run() {
        while (!closed) {
            long begunNanos = System.nanoTime();
            try {
                refresh();
            } catch (RuntimeException | Error e) {
                LOG.error("A poll failed unexpectedly; polling goes on", e);
            }
            awaitNextPoll(pauseNanos(settings.pollInterval().toNanos(), System.nanoTime() - begunNanos));
        }
    }

    /** From the beginning of one poll to that of the next it is one interval, so that a long poll is no gap, and yet there is a pause. */
    static long pauseNanos(long intervalNanos, long pollNanos) {
        return Math.max(Math.min(intervalNanos, SHORTEST_PAUSE_NANOS), intervalNanos - pollNanos);
    }

    private void awaitNextPoll(long nanos) {
        pause.lock();
        try {
            long left = nanos;
            long early = left - Math.min(left, SHORTEST_PAUSE_NANOS);
            // Many calls in a row, as a failover brings them, make one poll a second and not one each.
            while (!closed && left > 0 && !(woken && left <= early)) {
                long span = left > early ? left - early : left;
                left -= span - Math.max(0, called.awaitNanos(span));
            }
            woken = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            pause.unlock();
        }
    }

    /** Lets the next poll begin before its time: something may have changed. Returns at once. */
    public void wake() {
        pause.lock();
        try {
            woken = true;
            called.signalAll();
        } finally {
            pause.unlock();
        }
    }

    /** Ends polling; waits a moment for a poll under way, which ends by itself if it hangs. */
    @Override
    public void close() {
        closed = true;
        pause.lock();
        try {
            called.signalAll();
        } finally {
            pause.unlock();
        }
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
