package io.github.csvbackup.state;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the state file.
 *
 * @param kind what it is about, such as {@code volume}
 * @param fields any texts
 */
public record StateLine(String kind, List<String> fields) {
    public StateLine {
        fields = List.copyOf(fields);
    }

    /** A line of texts, numbers, times (null for none) and durations. */
    public static StateLine of(String kind, @Nullable Object... values) {
        List<String> fields = new ArrayList<>();
        for (Object value : values) {
            fields.add(value == null ? "" : value.toString());
        }
        return new StateLine(kind, fields);
    }

    public String text(int index) {
        if (index >= fields.size()) {
            throw new IllegalArgumentException("a line \"" + kind + "\" has only " + fields.size() + " fields");
        }
        return fields.get(index);
    }

    public long number(int index) {
        return Long.parseLong(text(index));
    }

    /** Null where the field is empty. */
    public @Nullable Instant time(int index) {
        String text = text(index);
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no time", e);
        }
    }

    /** A time that must be there. */
    public Instant requiredTime(int index) {
        Instant time = time(index);
        if (time == null) {
            throw new IllegalArgumentException("a line \"" + kind + "\" lacks a time");
        }
        return time;
    }

    public Duration duration(int index) {
        try {
            return Duration.parse(text(index));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text(index) + "\" is no duration", e);
        }
    }
}
