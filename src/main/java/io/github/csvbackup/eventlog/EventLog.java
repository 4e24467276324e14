package io.github.csvbackup.eventlog;

import com.sun.jna.Native;
import com.sun.jna.win32.W32APIOptions;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.threads.QueueThread;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to the Windows event log, on a thread of its own: the event log service may hang. A failure is logged once, and each further event
 * tries again. Thread-safe.
 */
public final class EventLog implements AutoCloseable {
    /** Events that wait while the event log hangs; further ones are counted as missing. */
    static final int LONGEST_QUEUE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final EventSink sink;
    private final Clock clock;
    private final EventRates rates = new EventRates();
    private final AtomicLong missing = new AtomicLong();
    private final QueueThread<EventRates.Event> queue =
            new QueueThread<>("csv-backup-events", LONGEST_QUEUE, event -> 1, new Work());
    private volatile boolean failing;
    private volatile boolean closing;

    EventLog(EventSink sink, Clock clock) {
        this.sink = sink;
        this.clock = clock;
    }

    /**
     * Starts the thread.
     *
     * @throws IOException if this Windows has no event log
     */
    public static EventLog open(Clock clock) throws IOException {
        EventLog events = new EventLog(new WindowsEvents(functions()), clock);
        events.start();
        return events;
    }

    /**
     * Registers the source of the events in the registry; changes nothing if it is registered.
     *
     * @throws IOException with a message for users, such as a missing right
     */
    public static void register() throws IOException {
        new EventSource(functions()).register();
    }

    /**
     * Removes the source from the registry; does nothing if it is not registered. Events that were written stay.
     *
     * @throws IOException with a message for users, such as a missing right
     */
    public static void unregister() throws IOException {
        new EventSource(functions()).unregister();
    }

    /** Windows always takes this DLL from its own folder. */
    private static EventFunctions functions() throws IOException {
        try {
            return Native.load("advapi32", EventFunctions.class, W32APIOptions.UNICODE_OPTIONS);
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("advapi32.dll cannot be loaded: " + e.getMessage(), e);
        }
    }

    void start() {
        queue.start();
    }

    /** The loop, for a supervisor that restarts it if its thread dies. */
    public SupervisedLoop loop() {
        return queue.loop();
    }

    /** Takes an event; does not block. */
    public void write(EventKind kind, String text) {
        if (!closing && !queue.give(new EventRates.Event(kind, text))) {
            lost("more than " + LONGEST_QUEUE + " events are waiting");
        }
    }

    /** For the thread. */
    private final class Work implements QueueThread.Work<EventRates.Event> {
        @Override
        public void handle(EventRates.@Nullable Event next) {
            rates.due(clock.instant(), false).forEach(EventLog.this::writeNow);
            if (next != null && rates.admits(next.kind(), clock.instant())) {
                writeNow(next);
            }
        }

        @Override
        public void end() {
            rates.due(clock.instant(), true).forEach(EventLog.this::writeNow);
            closeSink();
        }
    }

    private void writeNow(EventRates.Event event) {
        // While the event log hangs, a detach must not unload JNA.
        ActiveNativeCalls.enter();
        try {
            sink.write(event.kind(), event.text());
        } catch (IOException e) {
            lost(String.valueOf(e.getMessage()));
            return;
        } finally {
            ActiveNativeCalls.leave();
        }
        if (failing) {
            failing = false;
            LOG.info("The Windows event log can be written again; {} events are missing there", missing.getAndSet(0));
        }
    }

    private void closeSink() {
        ActiveNativeCalls.enter();
        try {
            sink.close();
        } finally {
            ActiveNativeCalls.leave();
        }
    }

    private void lost(String reason) {
        missing.incrementAndGet();
        if (!failing) {
            failing = true;
            LOG.warn(
                    "An event cannot be written to the Windows event log: {}. Until this works again, events are only in this log",
                    reason);
        }
    }

    /** Writes the events that wait, for at most two seconds, and ends the thread. */
    @Override
    public void close() {
        closing = true;
        if (!queue.close(ENDS_WITHIN)) {
            LOG.warn("The Windows event log does not respond; {} events are missing there", queue.waiting());
        }
    }
}
