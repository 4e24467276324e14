package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateException;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the agent reports besides stderr: the log file and the Windows event log, each if the options ask for it. */
final class Reporting implements AutoCloseable {
    private final @Nullable AgentLog files;
    private final @Nullable EventLog events;
    private volatile boolean started;

    Reporting(@Nullable AgentLog files, @Nullable EventLog events) {
        this.files = files;
        this.events = events;
    }

    /**
     * Opens what the options ask for, and sets the level.
     *
     * @param directory the state directory, for JNA's library
     * @throws StartException if the log's directory cannot be used, or this Windows has no event log; then nothing is open
     */
    static Reporting open(LogOptions options, StateDirectory directory, Clock clock) throws StartException {
        AgentLog.level(options.level(), null);
        Path folder = options.directory();
        AgentLog files = null;
        boolean opened = false;
        try {
            files = folder == null ? null : AgentLog.openFiles(folder, clock);
            Reporting reporting = new Reporting(files, options.events() ? events(directory, clock) : null);
            opened = true;
            return reporting;
        } catch (StateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!opened) {
                close(files);
            }
        }
    }

    private static EventLog events(StateDirectory directory, Clock clock) throws StartException {
        Opening.unpackJna(directory);
        try {
            return EventLog.open(clock);
        } catch (IOException e) {
            throw new StartException("Cannot open the Windows event log: " + e.getMessage() + ".", e);
        } catch (Error e) {
            // JNA throws a plain one if its library is of another version.
            throw new StartException("Cannot start JNA: " + e + ".", e);
        }
    }

    /** Null for none. */
    @Nullable
    EventLog events() {
        return events;
    }

    void started(String announcement) {
        started = true;
        write(EventKind.STARTED, announcement + ".");
    }

    /** The threads, for a supervisor. */
    List<SupervisedLoop> loops() {
        List<SupervisedLoop> loops = new ArrayList<>();
        if (files != null) {
            loops.add(files.loop());
        }
        if (events != null) {
            loops.add(events.loop());
        }
        return loops;
    }

    /** The audit has its stop line now. */
    void stopped(Audit audit) {
        if (started) {
            write(
                    EventKind.STOPPED,
                    "The agent stopped; the newest line of the audit is "
                            + audit.status().newest() + ".");
        }
    }

    private void write(EventKind kind, String text) {
        if (events != null) {
            events.write(kind, text);
        }
    }

    @Override
    public void close() {
        if (events != null) {
            events.close();
        }
        close(files);
    }

    private static void close(@Nullable AgentLog files) {
        if (files != null) {
            files.close();
        }
    }
}
