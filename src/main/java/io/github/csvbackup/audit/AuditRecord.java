package io.github.csvbackup.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jolokia.shaded.org.json.simple.parser.ContainerFactory;
import org.jolokia.shaded.org.json.simple.parser.JSONParser;
import org.jolokia.shaded.org.json.simple.parser.ParseException;
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
            Object parsed = new JSONParser().parse(line, new Ordered());
            if (!(parsed instanceof Map<?, ?> map)) {
                return null;
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, value) -> fields.put(String.valueOf(key), value));
            return new AuditRecord(fields);
        } catch (ParseException e) {
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

    private static final class Ordered implements ContainerFactory {
        @Override
        public Map<?, ?> createObjectContainer() {
            return new LinkedHashMap<>();
        }

        @Override
        public List<?> creatArrayContainer() {
            return new ArrayList<>();
        }
    }
}
