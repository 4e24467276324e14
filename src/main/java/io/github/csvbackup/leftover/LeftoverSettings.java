package io.github.csvbackup.leftover;

import java.time.Duration;

/**
 * Settings of the watch for leftovers.
 *
 * @param interval from one question to this node's Hyper-V to the next
 * @param after the age at which something is left over
 * @param deadline how long Hyper-V may take to answer
 */
public record LeftoverSettings(Duration interval, Duration after, Duration deadline) {
    private static final Duration SHORTEST_GAP = Duration.ofHours(2);

    /** After a longer time without an answer, one backup of a machine may have ended and another begun. */
    Duration gap() {
        Duration two = interval.multipliedBy(2);
        return two.compareTo(SHORTEST_GAP) > 0 ? two : SHORTEST_GAP;
    }
}
