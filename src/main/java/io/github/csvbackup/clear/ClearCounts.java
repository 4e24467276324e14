package io.github.csvbackup.clear;

import java.util.Map;

/**
 * What this agent's clears came to; kept over restarts, but for what is unfinished. Immutable.
 *
 * @param requests by friendly path (empty: on no volume) and outcome
 * @param forced by friendly path: clears that overruled the guard
 * @param suspect by friendly path: clears around which a backup began, or may have begun unseen
 * @param unfinished intents without an outcome
 */
public record ClearCounts(
        Map<String, Map<Outcome, Long>> requests,
        Map<String, Long> forced,
        Map<String, Long> suspect,
        long unfinished) {
    /** How many requests ended so, over all volumes. */
    public long total(Outcome outcome) {
        return requests.values().stream()
                .mapToLong(counts -> counts.getOrDefault(outcome, 0L))
                .sum();
    }
}
