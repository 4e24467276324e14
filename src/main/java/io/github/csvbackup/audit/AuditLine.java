package io.github.csvbackup.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the record.
 *
 * @param id ties an intent to its outcome
 * @param kind {@code intent}, {@code outcome}, {@code refused}, {@code suspect}, {@code late} or {@code unfinished}
 * @param at when
 * @param fields what is to be said, in this order: texts, numbers, booleans, lists and maps of them
 */
public record AuditLine(String id, String kind, Instant at, Map<String, Object> fields) {
    public AuditLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
