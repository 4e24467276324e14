package io.github.csvbackup.text;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.function.Function;

/**
 * Times and durations as people read them in an incident: local time with its offset, to the second. Thread-safe if the function is.
 *
 * @param offset the offset of local time at an instant; must not block
 */
public record Times(Function<Instant, ZoneOffset> offset) {
    /** For those who do not know the local time. */
    public static final Times UTC = new Times(instant -> ZoneOffset.UTC);

    /** A class of its own, so that an agent that has nothing to tell does not make them. */
    private static final class Formats {
        private static final DateTimeFormatter DATE_AND_TIME = of("uuuu-MM-dd HH:mm:ss");
        private static final DateTimeFormatter TIME = of("HH:mm:ss");
        private static final DateTimeFormatter MINUTE = of("HH:mm");

        private static DateTimeFormatter of(String pattern) {
            return new DateTimeFormatterBuilder()
                    .appendPattern(pattern + " ")
                    .appendOffset("+HH:MM", "UTC")
                    .toFormatter(Locale.ROOT);
        }
    }

    /** {@code 2026-11-29 17:22:04 +01:00}, or {@code 2026-11-29 16:22:04 UTC}. */
    public String time(Instant instant) {
        return Formats.DATE_AND_TIME.format(local(instant));
    }

    /** {@code 17:22:04 +01:00} on the local day of the other instant; else as {@link #time}. */
    public String timeOn(Instant now, Instant instant) {
        return isSameDay(now, instant) ? Formats.TIME.format(local(instant)) : time(instant);
    }

    /** To the minute, for estimates: {@code 17:22 +01:00} on the local day of the other instant; else with the date. */
    public String about(Instant now, Instant instant) {
        return isSameDay(now, instant) ? Formats.MINUTE.format(local(instant)) : time(instant);
    }

    private boolean isSameDay(Instant one, Instant other) {
        return local(one).toLocalDate().equals(local(other).toLocalDate());
    }

    private OffsetDateTime local(Instant instant) {
        return instant.atOffset(offset.apply(instant));
    }

    /** {@code 1 h 5 min}, {@code 3 min 10 s}, {@code 4 s}; below a second {@code 250 ms}. */
    public static String duration(Duration duration) {
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min"
                    + (duration.toSecondsPart() == 0 ? "" : " " + duration.toSecondsPart() + " s");
        }
        return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
