package io.github.csvbackup.agent.log;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The level of the log, and its files beside stderr. Both belong to the one agent of this class loader. */
public final class AgentLog implements AutoCloseable {
    private final StateDirectory directory;
    private final LogFile file;

    private AgentLog(StateDirectory directory, LogFile file) {
        this.directory = directory;
        this.file = file;
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
        StateDirectory directory = StateDirectory.openForLog(path, clock);
        LogFile file = new LogFile(
                directory.path(),
                each -> open(each, directory),
                LogFile.LARGEST,
                problem -> stderr.print(LogText.entry(clock.instant(), Level.WARN, problem)));
        try {
            file.open();
        } catch (FileRefusedException e) {
            closeQuietly(directory, e);
            throw new StateException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            // The first line reports it.
        }
        StderrServiceProvider.file = file;
        return new AgentLog(directory, file);
    }

    private static RandomAccessFile open(Path file, StateDirectory directory) throws IOException {
        return TrustedFile.of(file, "The log file " + file, Privacy.READABLE, directory.rights())
                .open(directory.ofNewFile());
    }

    private static void closeQuietly(StateDirectory directory, IOException reason) {
        try {
            directory.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Writes a line to the file alone, if there is one: the user sees it elsewhere. */
    public static void writeToFile(Level level, String text) {
        LogFile file = StderrServiceProvider.file;
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

    /** Closes the file. */
    @Override
    public void close() {
        StderrServiceProvider.tellLeftOut(true);
        if (StderrServiceProvider.file == file) {
            StderrServiceProvider.file = null;
        }
        file.close();
        try {
            directory.close();
        } catch (IOException e) {
            StderrServiceProvider.logger(AgentLog.class.getName())
                    .warn("The lock of the log directory {} cannot be released: {}", directory.path(), e.toString());
        }
    }
}
