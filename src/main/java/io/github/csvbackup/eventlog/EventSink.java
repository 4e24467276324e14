package io.github.csvbackup.eventlog;

import java.io.IOException;

/** Where events go. For one thread. */
interface EventSink extends AutoCloseable {
    /**
     * Writes an event.
     *
     * @throws IOException if the event was not written
     */
    void write(EventKind kind, String text) throws IOException;

    @Override
    void close();
}
