package io.github.csvbackup.state;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the state file: a JSON object with the kind first. Its getters throw IllegalArgumentException if a field is absent or has
 * another type.
 *
 * @param kind such as {@code volume}
 * @param fields texts, whole numbers, decimals, booleans and lists of them, by name, in order
 */
public record StateLine(String kind, Map<String, Object> fields) {
    private static final String KIND = "kind";
    /** Between these times, every duration fits into a number of nanoseconds. */
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    public StateLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** A line without fields. */
    public static StateLine of(String kind) {
        return new StateLine(kind, Map.of());
    }

    /** This line with one more field: a number, a boolean, a list, or the text of any other value. Null adds none. */
    public StateLine with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, Object> more = new LinkedHashMap<>(fields);
        if (value instanceof Integer number) {
            more.put(name, Long.valueOf(number));
        } else if (value instanceof Number || value instanceof Boolean || value instanceof List) {
            more.put(name, value);
        } else {
            more.put(name, value.toString());
        }
        return new StateLine(kind, more);
    }

    /** The line as JSON, without a line feed. */
    String json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(KIND, kind);
        object.putAll(fields);
        return Json.write(object);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalArgumentException if the text is not a JSON object with a kind
     */
    static StateLine parse(String json) throws JsonException {
        if (!(Json.read(json) instanceof Map<?, ?> object) || !(object.get(KIND) instanceof String kind)) {
            throw new IllegalArgumentException("a line is not a JSON object with a kind");
        }
        StateLine line = of(kind);
        for (Map.Entry<?, ?> field : object.entrySet()) {
            line = field.getKey().equals(KIND) ? line : line.with((String) field.getKey(), field.getValue());
        }
        return line;
    }

    public String text(String name) {
        return required(name, String.class);
    }

    /** A number of things: not negative. */
    public long count(String name) {
        long count = required(name, Long.class);
        if (count < 0) {
            throw lacks(name);
        }
        return count;
    }

    /** A code of 32 bits. */
    public int code(String name) {
        long code = required(name, Long.class);
        if (code != (int) code) {
            throw lacks(name);
        }
        return (int) code;
    }

    /** A sum of things: finite and not negative. */
    public double sum(String name) {
        double sum = required(name, Double.class);
        if (!Double.isFinite(sum) || sum < 0) {
            throw lacks(name);
        }
        return sum;
    }

    /** Several numbers of things. */
    public List<Long> counts(String name) {
        List<Long> counts = list(name, Long.class);
        if (counts.stream().anyMatch(count -> count < 0)) {
            throw lacks(name);
        }
        return counts;
    }

    public boolean flag(String name) {
        return required(name, Boolean.class);
    }

    public <T> List<T> list(String name, Class<T> type) {
        List<?> values = required(name, List.class);
        if (!values.stream().allMatch(type::isInstance)) {
            throw lacks(name);
        }
        return values.stream().<T>map(type::cast).toList();
    }

    /** A time; null if it is absent. */
    public @Nullable Instant time(String name) {
        if (!fields.containsKey(name)) {
            return null;
        }
        try {
            Instant time = Instant.parse(text(name));
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw lacks(name);
            }
            return time;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text(name) + "\" is not a time", e);
        }
    }

    public Instant requiredTime(String name) {
        Instant time = time(name);
        if (time == null) {
            throw lacks(name);
        }
        return time;
    }

    /** A duration, not negative and shorter than the time from the earliest to the latest time; null if it is absent. */
    public @Nullable Duration duration(String name) {
        if (!fields.containsKey(name)) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text(name));
            if (duration.isNegative() || duration.compareTo(Duration.between(EARLIEST, LATEST)) > 0) {
                throw lacks(name);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text(name) + "\" is not a duration", e);
        }
    }

    private <T> T required(String name, Class<T> type) {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw lacks(name);
        }
        return type.cast(value);
    }

    private IllegalArgumentException lacks(String name) {
        return new IllegalArgumentException("a line \"" + kind + "\" has no valid \"" + name + "\"");
    }
}
