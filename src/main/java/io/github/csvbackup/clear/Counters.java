package io.github.csvbackup.clear;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts the outcomes of clears. Thread-safe. */
final class Counters {
    private final Map<String, EnumMap<Outcome, Long>> requests = new TreeMap<>();
    private final Map<String, Long> forced = new TreeMap<>();
    private final Map<String, Long> suspect = new TreeMap<>();
    private long unchecked;
    private long unfinished;

    synchronized void request(String volume, Outcome outcome) {
        requests(volume, outcome, 1);
    }

    synchronized void forced(String volume) {
        forced(volume, 1);
    }

    synchronized void suspect(String volume) {
        suspect(volume, 1);
    }

    synchronized void requests(String volume, Outcome outcome, long count) {
        requests.computeIfAbsent(volume, name -> new EnumMap<>(Outcome.class)).merge(outcome, count, Long::sum);
    }

    synchronized void forced(String volume, long count) {
        forced.merge(volume, count, Long::sum);
    }

    synchronized void suspect(String volume, long count) {
        suspect.merge(volume, count, Long::sum);
    }

    synchronized void unchecked() {
        unchecked(1);
    }

    synchronized void unchecked(long count) {
        unchecked += count;
    }

    /** Resets all counters except the one for unfinished clears. */
    synchronized void reset() {
        requests.clear();
        forced.clear();
        suspect.clear();
        unchecked = 0;
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
        return new ClearCounts(Map.copyOf(copy), Map.copyOf(forced), Map.copyOf(suspect), unchecked, unfinished);
    }
}
