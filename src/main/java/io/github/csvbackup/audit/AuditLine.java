package io.github.csvbackup.audit;

import io.github.csvbackup.text.OutsideText;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the record. Texts in it are bounded, as {@link OutsideText#LONGEST} says; sentences of the agent may be longer.
 *
 * @param id ties an intent to its outcome
 * @param kind {@code intent}, {@code outcome}, {@code refused}, {@code suspect}, {@code unchecked}, {@code late} or {@code unfinished}; the record itself adds
 *     {@code start}, {@code stop}, {@code mismatch} and {@code retired}
 * @param at when
 * @param fields what is to be said, in this order: texts, numbers, booleans, lists and maps of them
 */
public record AuditLine(String id, String kind, Instant at, Map<String, Object> fields) {
    public AuditLine {
        Map<String, Object> bounded = new LinkedHashMap<>();
        fields.forEach((name, value) -> bounded.put(name, BoundedFields.of(name, value)));
        fields = Collections.unmodifiableMap(bounded);
    }
}
