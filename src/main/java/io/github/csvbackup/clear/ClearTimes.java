package io.github.csvbackup.clear;

import java.time.Instant;
import java.util.Map;

/**
 * When a clear of each kind was counted last, by the volume's name; kept across restarts. Immutable.
 *
 * @param requests when requests ended, by outcome
 * @param forced when clears that overrode the guard ended
 * @param suspect when the agent found a new shadow copy after a clear
 */
public record ClearTimes(
        Map<String, Map<Outcome, Instant>> requests, Map<String, Instant> forced, Map<String, Instant> suspect) {
    /** No clear yet. */
    public static final ClearTimes NONE = new ClearTimes(Map.of(), Map.of(), Map.of());
}
