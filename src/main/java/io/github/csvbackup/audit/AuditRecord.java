package io.github.csvbackup.audit;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the record as it was read.
 *
 * @param fields by name, in the order of the line
 */
public record AuditRecord(Map<String, Object> fields) {
    public AuditRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The line; null if it is no JSON object, as one that a crash cut off. */
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

    /** The field as text; empty if there is none. */
    public String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /** The field as a time; null if it is none. */
    public @Nullable Instant time(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** The line's number; 0 if it has none. */
    public long number() {
        return fields.get("number") instanceof Number number ? number.longValue() : 0;
    }
}
