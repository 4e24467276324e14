package io.github.csvbackup.clear;

import java.time.Duration;
import java.util.Optional;

/**
 * A clear that may begin, for as long as what was found out is valid.
 *
 * @param askedNanos the moment before the first node was asked
 * @param readNanos the moment before the volume and the VSS processes were read again
 */
record ReadyClear(ClearTarget target, long askedNanos, long readNanos) implements LastReads.Found {
    static final Duration EVIDENCE_HOLDS_FOR = Duration.ofSeconds(45);

    /** Reads and intent usually take much less. */
    static final Duration READS_HOLD_FOR = Duration.ofSeconds(5);

    /** Why the call must not begin any more, as a sentence; empty if it may. */
    Optional<String> tooLate(long nowNanos) {
        Duration asked = Duration.ofNanos(nowNanos - askedNanos);
        if (asked.compareTo(EVIDENCE_HOLDS_FOR) > 0) {
            return Optional.of("the nodes were asked " + asked.toSeconds()
                    + " s before the call could begin, and their answers are valid for "
                    + EVIDENCE_HOLDS_FOR.toSeconds()
                    + " s. Check for a slow node or a slow disk under the state directory, then try again.");
        }
        Duration read = Duration.ofNanos(nowNanos - readNanos);
        if (read.compareTo(READS_HOLD_FOR) > 0) {
            return Optional.of(target.name() + " and VSS were read again " + read.toSeconds()
                    + " s before the call could begin, and that is valid for " + READS_HOLD_FOR.toSeconds()
                    + " s. Check for a slow node or a slow disk under the state directory, then try again.");
        }
        return Optional.empty();
    }
}
