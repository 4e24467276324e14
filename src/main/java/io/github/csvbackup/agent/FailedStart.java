package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.threads.DaemonThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start that failed, for the log file and the Windows event log. Whoever starts the agent reports it there, once, when all parts have been stopped again:
 * the reason may be one of these logs. They also print the sentence.
 *
 * @param sentence for users
 * @param bug is written with its stack trace; null for a failure that is not a bug
 */
public record FailedStart(String sentence, @Nullable Throwable bug) {
    private static final Logger LOG = LoggerFactory.getLogger(FailedStart.class);
    private static final String THREAD = "csv-backup-failed-start";
    /** The disk of the log may hang, and that may be why the start has failed. */
    private static final long LONGEST_MILLIS = 5_000;

    /** Opens a Windows event log. */
    @FunctionalInterface
    public interface Events {
        EventLog open() throws IOException;
    }

    public static FailedStart of(Throwable failure) {
        return failure instanceof StartException
                ? new FailedStart(String.valueOf(failure.getMessage()), null)
                : new FailedStart(failure.toString(), failure);
    }

    /**
     * Reports it where the options say, each as far as it can be used. Blocks for some seconds at most.
     *
     * @param log null: nowhere
     */
    public static void report(@Nullable LogOptions log, Throwable failure) {
        if (log == null) {
            return;
        }
        FailedStart failed = of(failure);
        if (log.events() && NativeLibrary.hasPlace()) {
            failed.toEventLog(() -> EventLog.open(Clock.systemUTC()));
        }
        Path directory = log.directory();
        if (directory != null) {
            Thread thread = DaemonThread.named(THREAD, () -> failed.toFile(directory));
            thread.start();
            try {
                thread.join(LONGEST_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String text() {
        return "The agent was not started: " + sentence;
    }

    /** Blocks for some seconds at most, also if the event log hangs. */
    public void toEventLog(Events open) {
        try (EventLog events = open.open()) {
            events.write(EventKind.START_FAILED, text());
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.debug("The failed start is not in the Windows event log", e);
        }
    }

    /**
     * May hang with the disk.
     *
     * @param directory null for none
     */
    public void toFile(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try {
            AgentLog.writeFailedStart(directory, Clock.systemUTC(), text(), bug);
        } catch (RuntimeException e) {
            LOG.debug("The failed start is not in the log file", e);
        }
    }
}
