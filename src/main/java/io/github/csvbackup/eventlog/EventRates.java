package io.github.csvbackup.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Limits the events of each kind to {@value #MOST} a minute, so that a client that causes them cannot fill the event log. For one thread. */
final class EventRates {
    /** More than the volumes of one clearAll. */
    static final int MOST = 100;

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<EventKind, Window> windows = new EnumMap<>(EventKind.class);

    private static final class Window {
        final Instant began;
        int written;
        long leftOut;

        Window(Instant began) {
            this.began = began;
        }

        /** Also after the clock was set back. */
        boolean isOver(Instant now) {
            Duration age = Duration.between(began, now);
            return age.isNegative() || age.compareTo(WINDOW) >= 0;
        }
    }

    /** An event to write. */
    record Event(EventKind kind, String text) {}

    /** Whether to write another event of this kind. Call {@link #due} before. */
    boolean admits(EventKind kind, Instant now) {
        Window window = windows.computeIfAbsent(kind, key -> new Window(now));
        if (window.written >= MOST) {
            window.leftOut++;
            return false;
        }
        window.written++;
        return true;
    }

    /**
     * An event for each kind that was limited, for the minutes that are over.
     *
     * @param all also those that are not over
     */
    List<Event> due(Instant now, boolean all) {
        List<Event> events = new ArrayList<>();
        windows.entrySet().removeIf(entry -> {
            Window window = entry.getValue();
            if (!all && !window.isOver(now)) {
                return false;
            }
            if (window.leftOut > 0) {
                events.add(new Event(
                        entry.getKey(),
                        window.leftOut
                                + " more events of this kind within a minute were left out. The log and the audit"
                                + " have them."));
            }
            return true;
        });
        return events;
    }
}
