package io.github.csvbackup.clear;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the clears came to. Thread-safe. */
final class Counters {
    private final Map<String, EnumMap<Outcome, Long>> requests = new TreeMap<>();
    private final Map<String, Long> forced = new TreeMap<>();
    private final Map<String, Long> suspect = new TreeMap<>();
    private long unfinished;

    synchronized void request(String volume, Outcome outcome) {
        requests.computeIfAbsent(volume, name -> new EnumMap<>(Outcome.class)).merge(outcome, 1L, Long::sum);
    }

    synchronized void forced(String volume) {
        forced.merge(volume, 1L, Long::sum);
    }

    synchronized void suspect(String volume) {
        suspect.merge(volume, 1L, Long::sum);
    }

    synchronized void begun() {
        unfinished++;
    }

    synchronized void finished() {
        unfinished--;
    }

    synchronized ClearCounts counts() {
        Map<String, Map<Outcome, Long>> copy = new HashMap<>();
        requests.forEach((volume, counts) -> copy.put(volume, Map.copyOf(counts)));
        return new ClearCounts(Map.copyOf(copy), Map.copyOf(forced), Map.copyOf(suspect), unfinished);
    }
}
