package io.github.csvbackup.clear;

import java.util.HashMap;
import java.util.Map;

/**
 * What this agent's clears came to; kept over restarts, but for what is unfinished. Immutable.
 *
 * @param requests by the volume's name (empty: on no volume) and outcome
 * @param forced by the volume's name: clears that overruled the guard
 * @param suspect by the volume's name: clears after which a shadow copy existed that was not there before
 * @param unchecked clears after which some node could not be asked for its shadow copies
 * @param unfinished intents without an outcome
 */
public record ClearCounts(
        Map<String, Map<Outcome, Long>> requests,
        Map<String, Long> forced,
        Map<String, Long> suspect,
        long unchecked,
        long unfinished) {
    /** How many requests ended so, by volume. */
    public Map<String, Long> requests(Outcome outcome) {
        Map<String, Long> byVolume = new HashMap<>();
        requests.forEach((volume, counts) -> byVolume.put(volume, counts.getOrDefault(outcome, 0L)));
        return byVolume;
    }

    /** How many requests ended so, over all volumes. */
    public long total(Outcome outcome) {
        return requests.values().stream()
                .mapToLong(counts -> counts.getOrDefault(outcome, 0L))
                .sum();
    }
}
