package io.github.csvbackup.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * The VSS service of a node was seen stopped right before this agent asked the node for its shadow copies, and runs since.
 *
 * @param at when the agent asked
 * @param lastAsked when the last such query to the node ended or, if one is in progress, began: each keeps the service running
 */
public record OwnStart(Instant at, Instant lastAsked) {
    /**
     * Within this time after its last use the service usually stops. Microsoft's article KB972623 says 3 minutes, of Windows Server 2003; newer
     * versions were not measured.
     */
    public static final Duration STOPS_WITHIN = Duration.ofMinutes(5);

    /** When it should have stopped if no other program uses it. */
    public Instant stopsBy() {
        return lastAsked.plus(STOPS_WITHIN);
    }
}
