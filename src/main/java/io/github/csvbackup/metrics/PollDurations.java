package io.github.csvbackup.metrics;

import io.github.csvbackup.watch.Snapshot;
import java.util.concurrent.TimeUnit;

/** The number and total duration of polls. Thread-safe. */
public final class PollDurations {
    private long polls;
    private long nanos;

    /** To be called for each published snapshot. */
    public synchronized void polled(Snapshot snapshot) {
        polls++;
        nanos += snapshot.lastPollDuration().toNanos();
    }

    synchronized long polls() {
        return polls;
    }

    synchronized double total(TimeUnit unit) {
        return (double) nanos / unit.toNanos(1);
    }
}
