package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.threads.DaemonThread;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private final Condition pollEnded = lock.newCondition();
    private boolean woken;
    private boolean asked;
    private long begun;
    private long ended;
    private @Nullable Throwable failure;
    private final Thread thread;
    private volatile boolean started;
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
        started = true;
        thread.start();
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * The snapshot of a poll that begins after this call. The polling thread makes it, so that no listener runs on a thread of the host; an interrupt
     * does not end the wait, which is as long as a poll's deadlines at most. Before {@link #start} there is no polling thread, and the caller's polls.
     *
     * @throws IllegalStateException with a sentence, if polling ends before that or the poll fails by a defect
     */
    @Override
    public Snapshot refresh() {
        if (!started || Thread.currentThread() == thread) {
            poll();
            return snapshot;
        }
        lock.lock();
        try {
            // A poll that is under way may have read before what the caller has just seen or done.
            long wanted = begun + 1;
            asked = true;
            called.signalAll();
            while (ended < wanted && !closed) {
                pollEnded.awaitUninterruptibly();
            }
            if (ended < wanted) {
                throw new IllegalStateException(
                        "Polling has ended: the agent is stopping, or its polling thread has died. Look at its log.");
            }
            if (failure != null) {
                throw new IllegalStateException("The poll failed unexpectedly: " + failure + ".", failure);
            }
            return snapshot;
        } finally {
            lock.unlock();
        }
    }

    private synchronized void poll() {
        long number = begin();
        Throwable failed = null;
        try {
            SnapshotUpdate.Step step = SnapshotUpdate.next(settings, snapshot, poll.run());
            snapshot = step.snapshot();
            for (WatchEvent event : step.events()) {
                eventListeners.forEach(listener -> tell(listener, event));
            }
            snapshotListeners.forEach(listener -> tell(listener, step.snapshot()));
        } catch (RuntimeException | Error e) {
            failed = e;
            throw e;
        } finally {
            end(number, failed);
        }
    }

    private long begin() {
        lock.lock();
        try {
            asked = false;
            begun++;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private void end(long number, @Nullable Throwable failed) {
        lock.lock();
        try {
            ended = number;
            failure = failed;
            pollEnded.signalAll();
        } finally {
            lock.unlock();
        }
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
        try {
            while (!closed) {
                pollOnce();
            }
        } finally {
            // In whatever way the thread ends, nobody waits for its next poll.
            stop();
        }
    }

    private void pollOnce() {
        long begunNanos = System.nanoTime();
        try {
            poll();
        } catch (RuntimeException | Error e) {
            LOG.error("A poll failed unexpectedly; polling goes on", e);
        }
        awaitNextPoll(pauseNanos(settings.pollInterval().toNanos(), System.nanoTime() - begunNanos));
    }

    private void stop() {
        closed = true;
        lock.lock();
        try {
            called.signalAll();
            pollEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From the beginning of one poll to that of the next it is one interval, so that a long poll is no gap, and yet there is a pause. */
    static long pauseNanos(long intervalNanos, long pollNanos) {
        return Math.max(Math.min(intervalNanos, SHORTEST_PAUSE_NANOS), intervalNanos - pollNanos);
    }

    private void awaitNextPoll(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            long early = left - Math.min(left, SHORTEST_PAUSE_NANOS);
            // Many calls in a row, as a failover brings them, make one poll a second and not one each.
            while (!closed && !asked && left > 0 && !(woken && left <= early)) {
                long span = left > early ? left - early : left;
                left -= span - Math.max(0, called.awaitNanos(span));
            }
            woken = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the next poll begin before its time: something may have changed. Returns at once. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            called.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends polling; waits a moment for a poll under way, which ends by itself if it hangs. */
    @Override
    public void close() {
        stop();
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
