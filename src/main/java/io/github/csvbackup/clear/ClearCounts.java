package io.github.csvbackup.clear;

import java.util.HashMap;
import java.util.Map;

/**
 * Counters of clears; kept across restarts, except the unfinished ones. Immutable.
 *
 * @param requests by the volume's name (empty: not on a volume) and outcome
 * @param forced by the volume's name: clears that overrode the guard
 * @param suspect by the volume's name: clears after which a new shadow copy was found
 * @param unchecked clears after which some node did not list its shadow copies
 * @param unfinished intents without an outcome
 */
public record ClearCounts(
        Map<String, Map<Outcome, Long>> requests,
        Map<String, Long> forced,
        Map<String, Long> suspect,
        long unchecked,
        long unfinished) {
    /** Requests with this outcome, by volume. */
    public Map<String, Long> requests(Outcome outcome) {
        Map<String, Long> byVolume = new HashMap<>();
        requests.forEach((volume, counts) -> byVolume.put(volume, counts.getOrDefault(outcome, 0L)));
        return byVolume;
    }

    /** Requests with this outcome, over all volumes. */
    public long total(Outcome outcome) {
        return requests.values().stream()
                .mapToLong(counts -> counts.getOrDefault(outcome, 0L))
                .sum();
    }
}
