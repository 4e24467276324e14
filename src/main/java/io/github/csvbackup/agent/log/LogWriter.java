package io.github.csvbackup.agent.log;

import io.github.csvbackup.threads.QueueThread;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Writes the log file on a thread of its own: a disk may hang, and no thread that logs may wait for it. What waits is bounded; the log says how many lines
 * were dropped. Thread-safe.
 */
final class LogWriter implements AutoCloseable {
    static final String THREAD = "csv-backup-log";

    /** In characters: some thousand lines. */
    static final int LONGEST_QUEUE = 1_000_000;

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final LogFile file;
    private final Closeable directory;
    private final Clock clock;
    private final Consumer<String> report;
    private final QueueThread<Line> queue = new QueueThread<>(THREAD, LONGEST_QUEUE, Line::length, new Work());
    private long dropped;
    private boolean closed;

    /** @param droppedBefore how many lines are missing before this one */
    private record Line(String text, long droppedBefore) {
        int length() {
            return text.length();
        }
    }

    /**
     * Does not start the thread yet.
     *
     * @param directory is closed after the file
     * @param report receives a sentence when lines are missing
     */
    LogWriter(LogFile file, Closeable directory, Clock clock, Consumer<String> report) {
        this.file = file;
        this.directory = directory;
        this.clock = clock;
        this.report = report;
    }

    void start() {
        queue.start();
    }

    /** The thread, for a supervisor. */
    SupervisedLoop loop() {
        return queue.loop();
    }

    /** Takes a line, with its line end; never waits for the disk. */
    synchronized void write(String line) {
        if (closed) {
            return;
        }
        if (queue.give(new Line(line, dropped))) {
            dropped = 0;
        } else {
            dropped++;
        }
    }

    /** Waits until all lines so far are in the file; false if that takes longer. */
    boolean flush(Duration patience) {
        return queue.flush(patience);
    }

    /** For the thread. */
    private final class Work implements QueueThread.Work<Line> {
        @Override
        public void handle(@Nullable Line next) {
            if (next != null) {
                tell(next.droppedBefore());
                file.write(next.text());
            }
            tell(droppedAtTheEnd());
        }

        @Override
        public void end() throws IOException {
            file.close();
            directory.close();
        }
    }

    /** If other lines wait, the next one after the dropped ones has their number. */
    private synchronized long droppedAtTheEnd() {
        if (queue.waiting() > 0) {
            return 0;
        }
        long number = dropped;
        dropped = 0;
        return number;
    }

    private void tell(long number) {
        if (number > 0) {
            String sentence = number + (number == 1 ? " line was" : " lines were")
                    + " dropped: they came faster than the disk took them";
            report.accept("The log file: " + sentence);
            file.write(LogText.entry(clock.instant(), Level.WARN, sentence));
        }
    }

    /** Writes the lines that wait, and closes the file and its directory; this takes two seconds at most. If the disk hangs, its thread ends later. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (!queue.close(ENDS_WITHIN)) {
            report.accept("The disk of the log file does not answer; lines are missing there: " + missing());
        }
    }

    /** Without the line that the thread writes: if the disk answers, that one is there. */
    private synchronized long missing() {
        return queue.waiting() + dropped;
    }
}
