package io.github.csvbackup.clear;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the outcomes of clears and keeps the time of the last of each kind. Thread-safe. */
final class Counters {
    private final Clock clock;
    private final Map<String, EnumMap<Outcome, Tally>> requests = new TreeMap<>();
    private final Map<String, Tally> forced = new TreeMap<>();
    private final Map<String, Tally> suspect = new TreeMap<>();
    private long unchecked;
    private long unfinished;

    Counters(Clock clock) {
        this.clock = clock;
    }

    /**
     * What is counted.
     *
     * @param last when it was counted last; null if an earlier run did not record it
     */
    private record Tally(long count, @Nullable Instant last) {
        Tally plus(Tally more) {
            Instant later = last == null || (more.last != null && more.last.isAfter(last)) ? more.last : last;
            return new Tally(count + more.count, later);
        }
    }

    void request(String volume, Outcome outcome) {
        requests(volume, outcome, 1, clock.instant());
    }

    void forced(String volume) {
        forced(volume, 1, clock.instant());
    }

    void suspect(String volume) {
        suspect(volume, 1, clock.instant());
    }

    synchronized void requests(String volume, Outcome outcome, long count, @Nullable Instant last) {
        requests.computeIfAbsent(volume, name -> new EnumMap<>(Outcome.class))
                .merge(outcome, new Tally(count, last), Tally::plus);
    }

    synchronized void forced(String volume, long count, @Nullable Instant last) {
        forced.merge(volume, new Tally(count, last), Tally::plus);
    }

    synchronized void suspect(String volume, long count, @Nullable Instant last) {
        suspect.merge(volume, new Tally(count, last), Tally::plus);
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
        Map<String, Map<Outcome, Long>> counted = new HashMap<>();
        Map<String, Map<Outcome, Instant>> last = new HashMap<>();
        requests.forEach((volume, tallies) -> {
            counted.put(volume, counts(tallies));
            last.put(volume, times(tallies));
        });
        return new ClearCounts(
                Map.copyOf(counted),
                counts(forced),
                counts(suspect),
                unchecked,
                unfinished,
                new ClearTimes(Map.copyOf(last), times(forced), times(suspect)));
    }

    private static <K> Map<K, Long> counts(Map<K, Tally> tallies) {
        Map<K, Long> counts = new HashMap<>();
        tallies.forEach((key, tally) -> counts.put(key, tally.count()));
        return Map.copyOf(counts);
    }

    private static <K> Map<K, Instant> times(Map<K, Tally> tallies) {
        Map<K, Instant> times = new HashMap<>();
        tallies.forEach((key, tally) -> {
            Instant last = tally.last();
            if (last != null) {
                times.put(key, last);
            }
        });
        return Map.copyOf(times);
    }
}
