package io.github.csvbackup.audit;

import io.github.csvbackup.text.OutsideText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Limits the texts in the fields of a line. */
final class BoundedFields {
    /** For messages of the agent itself, which may name many nodes. */
    private static final int LONGEST_SENTENCE = 8000;

    private static final Set<String> SENTENCES = Set.of("message", "seen");

    private BoundedFields() {}

    /** Returns the field with truncated texts. */
    static @Nullable Object of(String name, @Nullable Object value) {
        if (value instanceof CharSequence text) {
            return OutsideText.bounded(
                    text.toString(), SENTENCES.contains(name) ? LONGEST_SENTENCE : OutsideText.LONGEST);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> of(name, item)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> bounded = new LinkedHashMap<>();
            map.forEach((key, item) -> {
                String itemName = OutsideText.bounded(String.valueOf(key), OutsideText.LONGEST);
                bounded.put(itemName, of(itemName, item));
            });
            return bounded;
        }
        return value;
    }
}
