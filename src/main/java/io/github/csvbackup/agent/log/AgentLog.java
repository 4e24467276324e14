package io.github.csvbackup.agent.log;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateException;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The level of the log, and its files beside stderr. Both belong to the one agent of this class loader. */
public final class AgentLog implements AutoCloseable {
    /** Short: at the end of Windows, a service has one second left. */
    private static final Duration FLUSHES_WITHIN = Duration.ofMillis(500);

    /** The thread that was closed last, if it has not ended. */
    private static volatile @Nullable SupervisedLoop hangs;

    private final LogWriter writer;

    AgentLog(LogWriter writer) {
        this.writer = writer;
    }

    /**
     * From now on, all lines also go to the files of this directory.
     *
     * @return ends this
     * @throws StateException if the directory or its file cannot be trusted, cannot be created, or is in use by another agent. Other problems with the
     *     file are reported on stderr, and each line tries again.
     */
    public static AgentLog openFiles(Path path, Clock clock) throws StateException {
        return openFiles(path, clock, System.err);
    }

    static AgentLog openFiles(Path path, Clock clock, PrintStream stderr) throws StateException {
        Consumer<String> report = problem -> report(problem, clock, stderr);
        StateDirectory directory = StateDirectory.openForLog(path, clock);
        boolean started = false;
        try {
            LogWriter writer = new LogWriter(openFile(directory, report), () -> release(directory), clock, report);
            writer.start();
            started = true;
            StderrServiceProvider.file = writer;
            return new AgentLog(writer);
        } finally {
            if (!started) {
                release(directory);
            }
        }
    }

    /** The host's stream may throw anything. Then the line after the problem must be written all the same. */
    private static void report(String problem, Clock clock, PrintStream stderr) {
        try {
            stderr.print(LogText.entry(clock.instant(), Level.WARN, problem));
        } catch (RuntimeException | Error e) {
            // Stderr is the only place for it.
            return;
        }
    }

    private static LogFile openFile(StateDirectory directory, Consumer<String> report) throws StateException {
        LogFile file = new LogFile(directory.path(), each -> open(each, directory), LogFile.LARGEST, report);
        try {
            file.open();
        } catch (FileRefusedException e) {
            throw new StateException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            // The first line reports it.
        }
        return file;
    }

    private static RandomAccessFile open(Path file, StateDirectory directory) throws IOException {
        return TrustedFile.of(file, "The log file " + file, Privacy.READABLE, directory.rights())
                .open(directory.ofNewFile());
    }

    private static void release(StateDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            StderrServiceProvider.logger(AgentLog.class.getName())
                    .warn("The lock of the log directory {} cannot be released: {}", directory.path(), e.toString());
        }
    }

    /**
     * Writes the line of a start that failed, whether or not the files are open; nothing else does then. Does nothing if the directory cannot be used. May
     * hang with the disk.
     *
     * @param bug is written with its stack trace; null for none
     */
    public static void writeFailedStart(Path path, Clock clock, String text, @Nullable Throwable bug) {
        String line = LogText.entry(
                clock.instant(), Level.ERROR, LogText.line(text) + (bug == null ? "" : LogText.trace(bug)));
        LogWriter open = StderrServiceProvider.file;
        if (open != null) {
            open.write(line);
            open.flush(FLUSHES_WITHIN);
            return;
        }
        try (StateDirectory directory = StateDirectory.openForLog(path, clock);
                LogFile file = openFile(directory, problem -> {})) {
            file.write(line);
        } catch (IOException e) {
            StderrServiceProvider.logger(AgentLog.class.getName()).debug("The failed start is not in the log file", e);
        }
    }

    /** Waits until all lines so far are in the file, for a short time at most: the end of the process would lose them. */
    public static void flush() {
        LogWriter file = StderrServiceProvider.file;
        if (file != null) {
            file.flush(FLUSHES_WITHIN);
        }
    }

    /** The thread that writes the file, for a supervisor. */
    public SupervisedLoop loop() {
        return writer.loop();
    }

    /** Writes a line to the file alone, if there is one: the user sees it elsewhere. */
    public static void writeToFile(Level level, String text) {
        LogWriter file = StderrServiceProvider.file;
        if (file != null) {
            file.write(LogText.entry(Clock.systemUTC().instant(), level, LogText.line(text)));
        }
    }

    /** The lowest level that is written. */
    public static Level level() {
        return StderrServiceProvider.level;
    }

    /**
     * Changes the lowest level that is written.
     *
     * @param by who changed it, for a line in the log; null for none
     */
    public static void level(Level level, @Nullable String by) {
        boolean changed = level != StderrServiceProvider.level;
        StderrServiceProvider.level = level;
        if (by != null && changed) {
            // Also if the new level would leave it out.
            StderrLogger log = StderrServiceProvider.logger(AgentLog.class.getName());
            log.write(
                    Level.INFO,
                    LogText.line("The log level is now " + LogText.name(level) + ", changed by " + by),
                    null);
        }
    }

    /** Writes the lines that wait, and closes the file; blocks for two seconds at most, also if the disk hangs. */
    @Override
    public void close() {
        StderrServiceProvider.tellLeftOut(true);
        if (StderrServiceProvider.file == writer) {
            StderrServiceProvider.file = null;
        }
        writer.close();
        hangs = writer.loop().endsWithin(Duration.ZERO) ? null : writer.loop();
    }

    /** What remains of files that were closed, as a sentence; null for nothing. */
    public static @Nullable String remains() {
        SupervisedLoop last = hangs;
        return last == null || last.endsWithin(Duration.ZERO)
                ? null
                : "The disk of the log file does not answer. Until it does, the thread " + LogWriter.THREAD
                        + " and the lock of that directory remain.";
    }
}
