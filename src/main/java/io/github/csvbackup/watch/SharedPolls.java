package io.github.csvbackup.watch;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Polls for anonymous callers: however many ask however often, at most one poll begins for them in a poll interval, and at most one of them
 * waits. All others get the last snapshot. Thread-safe.
 */
public final class SharedPolls {
    private final VolumeWatch watch;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock place = new ReentrantLock();
    private @Nullable Long begunAt;

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    public SharedPolls(VolumeWatch watch, WatchSettings settings, LongSupplier nanoTime) {
        this.watch = watch;
        this.intervalNanos = settings.pollInterval().toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * The snapshot of a new poll, or the last one.
     *
     * @throws PollingEndedException if polling ends before the poll
     * @throws IllegalStateException with a message for users, if a bug makes the poll fail
     */
    public Snapshot refresh() {
        if (!place.tryLock()) {
            return watch.snapshot();
        }
        try {
            long now = nanoTime.getAsLong();
            Long last = begunAt;
            if (last != null && now - last < intervalNanos) {
                return watch.snapshot();
            }
            begunAt = now;
            return watch.refresh();
        } finally {
            place.unlock();
        }
    }
}
