package io.github.csvbackup.audit;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.text.OutsideText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit that was read. It may be damaged, so each field can be missing or have the wrong type.
 *
 * @param fields the values by name, in the order of the line
 */
public record AuditRecord(Map<String, Object> fields) {
    private static final int MOST_FIELDS_KEPT = 40;
    /** Larger than any real number, and far below an overflow. */
    private static final long LARGEST_NUMBER = 1_000_000_000_000_000L;

    private static final Instant EARLIEST = Instant.EPOCH;
    /** The last day of the year 9999. */
    private static final Instant LATEST = Instant.ofEpochSecond(253_402_214_400L);

    public AuditRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Null if the line is not a JSON object. */
    static @Nullable AuditRecord parse(String line) {
        try {
            Object parsed = Json.read(line);
            if (!(parsed instanceof Map<?, ?> map)) {
                return null;
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, value) -> fields.put(String.valueOf(key), value));
            return new AuditRecord(fields);
        } catch (JsonException e) {
            return null;
        }
    }

    /** The part that is kept in memory: without lists and maps, and with truncated texts. */
    AuditRecord brief() {
        Map<String, Object> kept = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (kept.size() < MOST_FIELDS_KEPT
                    && name.length() <= OutsideText.LONGEST
                    && !(value instanceof List<?>)
                    && !(value instanceof Map<?, ?>)) {
                kept.put(name, BoundedFields.of(name, value));
            }
        });
        return new AuditRecord(kept);
    }

    /** The field as text; empty if it is missing. */
    public String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /** The field as a time from 1970 to 9999; null if it is not such a time. */
    public @Nullable Instant time(String name) {
        try {
            Instant time = Instant.parse(text(name));
            return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** The number of the line; 0 if it is missing or invalid. */
    public long number() {
        return fields.get("number") instanceof Long number && number > 0 && number <= LARGEST_NUMBER ? number : 0;
    }

    /** The line before this one, according to this line. */
    Mark before() {
        return new Mark(number() - 1, text("previous"));
    }
}
