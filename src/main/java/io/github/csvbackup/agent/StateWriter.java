package io.github.csvbackup.agent;

import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps over restarts what the watch and the clears remember. Written on a thread of its own: a disk that hangs must not hold up the polls.
 */
final class StateWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
    private static final long PAUSE_MILLIS = 5_000;
    private static final long CLEAR_WAITS_SECONDS = 5;
    private static final long ENDS_WITHIN_SECONDS = 3;
    private static final String AUDIT = "audit";

    private final StateFile file;
    private final Pipeline pipeline;
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-state", this::saveIfWanted, this::pause);
    private final ReentrantLock saving = new ReentrantLock();
    private boolean wanted;
    private boolean closed;
    private long takenLast = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    private boolean failing;
    private volatile boolean finished;
    private volatile boolean started;

    StateWriter(StateFile file, Pipeline pipeline) {
        this.file = file;
        this.pipeline = pipeline;
    }

    /** To be called before the first poll: fills in what an earlier run knew. What does not fit is set aside as a whole. */
    void restore() {
        List<StateLine> lines = file.load();
        try {
            pipeline.watcher.restoreState(lines);
            pipeline.clearing.restoreState(lines);
            compareAudit(lines);
        } catch (IllegalArgumentException e) {
            file.setAside(String.valueOf(e.getMessage()));
            pipeline.watcher.restoreState(List.of());
            pipeline.clearing.restoreState(List.of());
        }
    }

    /** The audit held this line when the file was written, and must hold it still. */
    private void compareAudit(List<StateLine> lines) {
        for (StateLine line : lines) {
            if (line.kind().equals(AUDIT)) {
                Mark noted = Mark.parse(line.text(0))
                        .orElseThrow(() -> new IllegalArgumentException("a line of the audit is not named as one"));
                try {
                    pipeline.audit.expect(noted, file.name());
                } catch (IOException e) {
                    LOG.warn("The audit could not be compared with {}: {}", file.name(), e.getMessage());
                }
            }
        }
    }

    /** Starts to write after each poll. */
    void start() {
        started = true;
        pipeline.watcher.onSnapshot(snapshot -> want());
        pipeline.onSaveNow(this::saveForClear);
        loop.start();
    }

    /** The writing thread, which a supervisor starts again should it die. */
    SupervisedLoop loop() {
        return loop;
    }

    private synchronized void want() {
        wanted = true;
        notifyAll();
    }

    private void saveIfWanted() throws InterruptedException {
        if (!takeWanted()) {
            return;
        }
        boolean written = false;
        try {
            saving.lockInterruptibly();
            try {
                write();
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

    /** Until something is to be written. The times in it need not be exact: polls may come ten times a second. */
    private synchronized void pause() throws InterruptedException {
        long left = restMillis();
        while (!closed && (left > 0 || !wanted)) {
            wait(Math.max(0, left));
            left = restMillis();
        }
    }

    private long restMillis() {
        return PAUSE_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - takenLast);
    }

    /**
     * A clear saves on its own thread, before its outcome is on record; a disk that hangs must hold up neither the polls nor, for long, a
     * clear.
     */
    private void saveForClear() {
        try {
            if (!saving.tryLock(CLEAR_WAITS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Times and counters were not kept for a restart: the disk has not taken the last ones yet");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Times and counters were not kept for a restart: the thread of the clear was interrupted");
            return;
        }
        try {
            write();
        } finally {
            saving.unlock();
        }
    }

    private void write() {
        if (finished) {
            // The directory may be another agent's by now.
            return;
        }
        List<StateLine> lines = new ArrayList<>(pipeline.watcher.saveState());
        lines.addAll(pipeline.clearing.saveState());
        Mark newest = pipeline.audit.status().newest();
        if (!newest.equals(Mark.NONE)) {
            lines.add(StateLine.of(AUDIT, newest));
        }
        try {
            file.save(lines);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("Times and counters cannot be kept for a restart: {}", e.getMessage());
            }
            failing = true;
        }
    }

    /** Writes once more, and nothing after it. */
    private void writeLast() {
        try {
            if (!saving.tryLock(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Times and counters were not kept for a restart: the disk has not taken the last ones yet");
                return;
            }
            try {
                write();
            } finally {
                saving.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finished = true;
        }
    }

    /** Writes once more, and ends. An agent that did not come to run leaves the file of the last one alone. */
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
            LOG.debug("The state is still being written");
        }
        writeLast();
    }
}
