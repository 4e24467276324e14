package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.leftover.Sightings;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.threads.SupervisedLoop;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the state of the watch and the clears for the next start of the agent, and looks after the token's file beside it. It has its own thread, so
 * that a disk that hangs does not block polls.
 */
final class StateWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
    /** Much less than the gap after which a restart forgets since when a state is set. */
    private static final Duration TIMES_ARE_SAVED_EVERY = Duration.ofMinutes(1);

    /** A state that is set while the agent does not run is dated by the last time that was saved. */
    private static final Duration TIMES_OF_QUIET_ARE_SAVED_EVERY = Duration.ofHours(1);

    private static final long PAUSE_MILLIS = 5_000;
    private static final long CLEAR_WAITS_SECONDS = 5;
    private static final long ENDS_WITHIN_SECONDS = 3;
    private static final String AUDIT = "audit";

    private final StateFile file;
    private final Pipeline pipeline;
    private final Runnable tokenCheck;
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-state", this::work, this::pause);
    private final ReentrantLock saving = new ReentrantLock();
    private boolean wanted;
    private boolean closed;
    private long takenLast = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    private boolean failing;
    private @Nullable Saved saved;
    private volatile boolean finished;
    private volatile boolean started;

    /** @param tokenCheck runs at least every five seconds, unless the disk hangs */
    StateWriter(StateFile file, Pipeline pipeline, Runnable tokenCheck) {
        this.file = file;
        this.pipeline = pipeline;
        this.tokenCheck = tokenCheck;
    }

    /** Loads the state of the previous run; call this before the first poll. An invalid file is set aside as a whole. */
    void restore() {
        List<StateLine> lines = file.load();
        try {
            pipeline.watcher.restoreState(lines);
            pipeline.clearing.restoreState(lines);
            pipeline.leftovers.restoreState(lines);
            compareAudit(lines);
        } catch (IllegalArgumentException e) {
            file.setAside(String.valueOf(e.getMessage()));
            pipeline.watcher.restoreState(List.of());
            pipeline.clearing.restoreState(List.of());
            pipeline.leftovers.restoreState(List.of());
        }
    }

    /** The audit contained this line when the file was written, so it must still contain it. */
    private void compareAudit(List<StateLine> lines) {
        // All are parsed before the audit is compared with any: a damaged file has no effect.
        List<Mark> noted = lines.stream()
                .filter(line -> line.kind().equals(AUDIT))
                .map(line -> Mark.parse(line.text("newest"))
                        .orElseThrow(() ->
                                new IllegalArgumentException("the line of the audit is not of the form NUMBER:HASH")))
                .toList();
        for (Mark mark : noted) {
            try {
                pipeline.audit.expect(mark, file.name());
            } catch (IOException e) {
                LOG.warn("Cannot compare the audit with {}: {}", file.name(), e.getMessage());
            }
        }
    }

    /** From now on, writes after each poll. */
    void start() {
        started = true;
        pipeline.watcher.onSnapshot(snapshot -> want());
        pipeline.onSaveNow(this::saveForClear);
        loop.start();
    }

    /** The writing thread; a supervisor restarts it if it dies. */
    SupervisedLoop loop() {
        return loop;
    }

    private synchronized void want() {
        wanted = true;
        notifyAll();
    }

    private void work() throws InterruptedException {
        try {
            tokenCheck.run();
        } finally {
            saveIfWanted();
        }
    }

    private void saveIfWanted() throws InterruptedException {
        if (!takeWanted()) {
            return;
        }
        boolean written = false;
        try {
            saving.lockInterruptibly();
            try {
                write(false);
                written = true;
            } finally {
                saving.unlock();
            }
        } finally {
            if (!written) {
                want();
            }
        }
    }

    private synchronized boolean takeWanted() {
        boolean taken = wanted && !closed;
        wanted = false;
        if (taken) {
            takenLast = System.nanoTime();
        }
        return taken;
    }

    /** Waits for something to write, and at least for the pause since the last time: there may be ten polls per second. */
    private synchronized void pause() throws InterruptedException {
        long begun = System.nanoTime();
        while (!closed && (restMillis(takenLast) > 0 || (!wanted && restMillis(begun) > 0))) {
            wait(Math.max(1, Math.max(restMillis(takenLast), wanted ? 0 : restMillis(begun))));
        }
    }

    private static long restMillis(long begun) {
        return PAUSE_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /**
     * A clear saves on its own thread before it records its outcome. A disk that hangs must not block polls, and must not block a clear for long.
     */
    private void saveForClear() {
        try {
            if (!saving.tryLock(CLEAR_WAITS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "Times and counters were not saved for a restart: an earlier write to the disk has not finished");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Times and counters were not saved for a restart: the thread of the clear was interrupted");
            return;
        }
        try {
            write(true);
        } finally {
            saving.unlock();
        }
    }

    /**
     * What the file holds.
     *
     * @param snapshot the watch's part
     * @param nanos when it was written
     */
    record Saved(
            Snapshot snapshot,
            List<StateLine> clearing,
            @Nullable Sightings leftovers,
            Mark audit,
            long nanos) {
        private Saved with(Snapshot same) {
            return new Saved(same, clearing, leftovers, audit, nanos);
        }
    }

    /** True if nothing must be written: nothing changed but times of reads, and those of volumes whose state is set are recent. */
    static boolean isCurrent(Saved saved, Saved now) {
        return saved.audit().equals(now.audit())
                && saved.clearing().equals(now.clearing())
                && (Objects.equals(saved.leftovers(), now.leftovers())
                        || Sightings.sayTheSame(saved.leftovers(), now.leftovers()))
                && Watcher.saveTheSame(saved.snapshot(), now.snapshot())
                && now.nanos() - saved.nanos() < saveTimesEvery(now.snapshot()).toNanos();
    }

    private static Duration saveTimesEvery(Snapshot snapshot) {
        return snapshot.volumes().stream().allMatch(watched -> watched.since() == null)
                ? TIMES_OF_QUIET_ARE_SAVED_EVERY
                : TIMES_ARE_SAVED_EVERY;
    }

    /** Replaces the file unless it already holds the same; with {@code evenIfCurrent} in any case. */
    void write(boolean evenIfCurrent) {
        if (finished) {
            // Another agent may use the directory now.
            return;
        }
        Saved now = new Saved(
                pipeline.watcher.snapshot(),
                pipeline.clearing.saveState(),
                pipeline.leftovers.sightings(),
                pipeline.audit.status().newest(),
                System.nanoTime());
        Saved before = saved;
        if (!evenIfCurrent && before != null && isCurrent(before, now)) {
            // Says the same; so only one snapshot is in memory.
            saved = before.with(now.snapshot());
            return;
        }
        List<StateLine> lines = new ArrayList<>(Watcher.saveState(now.snapshot()));
        lines.addAll(now.clearing());
        Sightings leftovers = now.leftovers();
        if (leftovers != null) {
            lines.addAll(leftovers.lines());
        }
        if (!now.audit().equals(Mark.NONE)) {
            lines.add(StateLine.of(AUDIT).with("newest", now.audit()));
        }
        try {
            file.save(lines);
            saved = now;
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("Cannot save times and counters for a restart: {}", e.getMessage());
            }
            failing = true;
        }
    }

    /** Writes for the last time. */
    private void writeLast() {
        try {
            if (!saving.tryLock(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "Times and counters were not saved for a restart: an earlier write to the disk has not finished");
                return;
            }
            try {
                write(true);
            } finally {
                saving.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finished = true;
        }
    }

    /** Writes for the last time and stops. If the agent never started, the file of the previous run stays unchanged. */
    @Override
    public void close() {
        if (!started) {
            return;
        }
        loop.close();
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (!loop.endsWithin(Duration.ofSeconds(ENDS_WITHIN_SECONDS))) {
            // It may hold what the end of the agent waits for, such as the lock of the token.
            loop.interrupt();
        }
        writeLast();
    }
}
