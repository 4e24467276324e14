package io.github.csvbackup.eventlog;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An event log that a test can read. */
public final class RecordedEvents implements AutoCloseable {
    private final List<String> written;
    private final EventLog log;

    public RecordedEvents() {
        this(new CopyOnWriteArrayList<>());
    }

    /** @param written receives the events, each with its kind before the text */
    public RecordedEvents(List<String> written) {
        this.written = written;
        this.log = new EventLog(
                new EventSink() {
                    @Override
                    public void write(EventKind kind, String text) {
                        written.add(kind + " " + text);
                    }

                    @Override
                    public void close() {
                        // Nothing is open.
                    }
                },
                Clock.systemUTC());
        log.start();
    }

    /** What the agent writes to. */
    public EventLog log() {
        return log;
    }

    /** Ends the log and returns its events, each with its kind before the text. */
    public List<String> events() {
        log.close();
        return written;
    }

    @Override
    public void close() {
        log.close();
    }
}
