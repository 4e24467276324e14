package io.github.csvbackup.audit;

import io.github.csvbackup.text.OutsideText;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the audit. Its texts are truncated to {@link OutsideText#LONGEST}; messages of the agent may be longer.
 *
 * @param id links an intent to its outcome
 * @param kind {@code intent}, {@code outcome}, {@code refused}, {@code suspect}, {@code unchecked}, {@code late} or {@code unfinished}; the audit itself adds
 *     {@code start}, {@code stop}, {@code mismatch} and {@code retired}
 * @param at the time
 * @param fields the content in its order: texts, numbers, booleans, and lists and maps of these
 */
public record AuditLine(String id, String kind, Instant at, Map<String, Object> fields) {
    public AuditLine {
        Map<String, Object> bounded = new LinkedHashMap<>();
        fields.forEach((name, value) -> bounded.put(name, BoundedFields.of(name, value)));
        fields = Collections.unmodifiableMap(bounded);
    }
}
