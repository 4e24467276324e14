package io.github.csvbackup.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * The VSS service of a node was seen stopped right before this agent asked the node for its shadow copies, and runs since.
 *
 * @param at when the agent asked
 * @param lastAsked when the last such query to the node ended or, if one is in progress, began: each keeps the service running
 * @param isOutlived it was seen running after the time by which it should have stopped: something else may use it
 * @param withProvider swprv was also seen stopped at the last look before the query, and runs since
 */
public record OwnStart(Instant at, Instant lastAsked, boolean isOutlived, boolean withProvider) {
    /**
     * Within this time after its last use the service usually stops. Microsoft's article KB972623 says 3 minutes, of Windows Server 2003; newer
     * versions were not measured.
     */
    public static final Duration STOPS_WITHIN = Duration.ofMinutes(5);

    /** When it should have stopped if no other program uses it. */
    public Instant stopsBy() {
        return stopsBy(lastAsked);
    }

    /** When the service should have stopped after the end of such a query. */
    public static Instant stopsBy(Instant lastAsked) {
        return lastAsked.plus(STOPS_WITHIN);
    }

    /** Whether it is still expected to stop by itself. */
    public boolean isExplained(Instant now) {
        return !isOutlived && !now.isAfter(stopsBy());
    }
}
