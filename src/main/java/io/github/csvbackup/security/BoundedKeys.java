package io.github.csvbackup.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A value for each key, where clients choose the keys. It keeps the {@value #MOST} most recently used ones. Not thread-safe.
 */
final class BoundedKeys<V> {
    static final int MOST = 1_000;

    /** Longer keys are truncated. */
    private static final int LONGEST_KEY = 100;

    private final Supplier<V> begin;

    @SuppressWarnings("serial") // never serialised
    private final Map<String, V> values = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    };

    /** @param begin creates the value of a new key */
    BoundedKeys(Supplier<V> begin) {
        this.begin = begin;
    }

    V get(String key) {
        String bounded = key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) : key;
        return values.computeIfAbsent(bounded, k -> begin.get());
    }

    int size() {
        return values.size();
    }
}
