package io.github.csvbackup.agent.log;

import io.github.csvbackup.text.OutsideText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * Limits the lines of one logger, so that a client that causes log lines cannot fill the disk. Within a minute, each text is written once, and each
 * pattern {@value #MOST_LINES} times with different texts and {@value #MOST_TRACES} times with a stack trace. The rest is counted; after the minute,
 * one line for each pattern shows the count and one of its texts. Thread-safe; its memory is bounded.
 */
final class RepeatedLines {
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** More than the volumes of one clearAll. */
    static final int MOST_LINES = 100;

    static final int MOST_TRACES = 3;

    /** Far more patterns than one class has; further patterns share one count. */
    static final int MOST_PATTERNS = 50;

    private static final int LONGEST_EXAMPLE = 200;

    private static final Kind OTHERS = new Kind(Level.WARN, "...");

    private final Clock clock;
    private final Map<Kind, Window> windows = new LinkedHashMap<>();

    enum Decision {
        WRITE,
        WRITE_WITHOUT_TRACE,
        LEAVE_OUT
    }

    /** Lines of one place in the code. */
    private record Kind(Level level, String pattern) {}

    /** One minute of a kind. */
    private static final class Window {
        final Instant began;
        final Set<Integer> texts = new HashSet<>();
        int traces;
        long leftOut;
        /** The first text that was left out, since a pattern may consist of nothing but a placeholder. */
        String example = "";

        Window(Instant began) {
            this.began = began;
        }

        /** Also after the clock was set back. */
        boolean isOver(Instant now) {
            Duration age = Duration.between(began, now);
            return age.isNegative() || age.compareTo(WINDOW) >= 0;
        }
    }

    RepeatedLines(Clock clock) {
        this.clock = clock;
    }

    /**
     * Call this before each line, and {@link #due} before that.
     *
     * @param text the line without its time
     */
    synchronized Decision decide(Level level, String pattern, String text, boolean hasTrace) {
        Kind kind = new Kind(level, pattern);
        if (!windows.containsKey(kind) && windows.size() >= MOST_PATTERNS) {
            kind = OTHERS;
        }
        Window window = windows.computeIfAbsent(kind, key -> new Window(clock.instant()));
        if (window.texts.size() >= MOST_LINES || !window.texts.add(text.hashCode())) {
            if (window.leftOut++ == 0) {
                window.example = OutsideText.bounded(text, LONGEST_EXAMPLE);
            }
            return Decision.LEAVE_OUT;
        }
        if (hasTrace) {
            window.traces++;
        }
        return hasTrace && window.traces > MOST_TRACES ? Decision.WRITE_WITHOUT_TRACE : Decision.WRITE;
    }

    /** Reverts a decision to write, because writing failed; the next line with this text is tried again. */
    synchronized void failed(Level level, String pattern, String text) {
        Window window = windows.get(new Kind(level, pattern));
        if (window != null) {
            window.texts.remove(text.hashCode());
        }
    }

    /**
     * The number of lines of one pattern that were left out.
     *
     * @param level the level of the lines
     * @param sentence says how many lines, and since when
     */
    record Summary(Level level, String sentence) {}

    /**
     * Returns the summaries of the minutes that are over, and forgets these minutes.
     *
     * @param all also includes minutes that are not over
     */
    synchronized List<Summary> due(boolean all) {
        if (windows.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Summary> summaries = new ArrayList<>();
        windows.entrySet().removeIf(entry -> {
            Window window = entry.getValue();
            if (!all && !window.isOver(now)) {
                return false;
            }
            if (window.leftOut > 0) {
                summaries.add(new Summary(
                        entry.getKey().level(),
                        "left out " + window.leftOut + (window.leftOut == 1 ? " line" : " lines") + " like \""
                                + window.example + "\" since "
                                + window.began.truncatedTo(ChronoUnit.SECONDS)));
            }
            return true;
        });
        return summaries;
    }
}
