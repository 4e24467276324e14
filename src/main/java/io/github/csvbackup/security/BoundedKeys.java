package io.github.csvbackup.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Something for each of many keys that come from outside: of more than {@value #MOST} the one that was not asked for longest is forgotten. Not
 * thread-safe.
 */
final class BoundedKeys<V> {
    static final int MOST = 1_000;

    /** A longer key counts as what it begins with. */
    private static final int LONGEST_KEY = 100;

    private final Supplier<V> begin;

    @SuppressWarnings("serial") // never serialised
    private final Map<String, V> values = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    };

    /** @param begin makes what a new key begins with */
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
