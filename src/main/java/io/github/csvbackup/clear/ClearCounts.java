package io.github.csvbackup.clear;

import java.util.Map;

/**
 * Counters of clears; kept across restarts, except the unfinished ones. Immutable.
 *
 * @param requests by the volume's name (empty: not on a volume) and outcome
 * @param forced by the volume's name: clears that overrode the guard
 * @param suspect by the volume's name: clears after which a new shadow copy was found
 * @param unchecked clears after which some node did not list its shadow copies
 * @param unfinished intents without an outcome
 * @param last when a clear of each kind was counted last
 */
public record ClearCounts(
        Map<String, Map<Outcome, Long>> requests,
        Map<String, Long> forced,
        Map<String, Long> suspect,
        long unchecked,
        long unfinished,
        ClearTimes last) {
    /** Requests with this outcome, over all volumes and paths that are not on one. */
    public long total(Outcome outcome) {
        long total = 0;
        for (Map<Outcome, Long> counts : requests.values()) {
            total += counts.getOrDefault(outcome, 0L);
        }
        return total;
    }

    /** Clears that overrode the guard, over all volumes. */
    public long totalForced() {
        return sum(forced);
    }

    /** Clears after which a new shadow copy was found, over all volumes. */
    public long totalSuspect() {
        return sum(suspect);
    }

    private static long sum(Map<String, Long> counts) {
        long sum = 0;
        for (long count : counts.values()) {
            sum += count;
        }
        return sum;
    }
}
