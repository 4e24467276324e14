package io.github.csvbackup.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backup of a volume as it really is, not as the agent sees it. Of each volume at most one is in progress on each node; any number may
 * read persistent copies.
 */
final class LiveBackup {
    /** The phase of the backup. */
    enum Phase {
        /** The state is set; no VSS session is open yet. */
        PREPARED,
        /** A VSS session is open; no shadow copy is listed yet. */
        SESSION,
        /** The shadow copy exists and disappears with its backup program. */
        COPY,
        /** The session is over; the backup program reads a persistent copy. */
        READING
    }

    final VolumeName volume;
    final NodeName node;
    Phase phase = Phase.PREPARED;

    @Nullable
    Instant copyCreated;

    /** The number of this event in the order of events; 0 before it. */
    long sessionOpened;

    /** The number of this event in the order of events; 0 before it. */
    long copyMade;

    LiveBackup(VolumeName volume, NodeName node) {
        this.volume = volume;
        this.node = node;
    }

    /** True until it reads from a persistent copy; until then the simulated cluster plays it. */
    boolean isInProgress() {
        return phase != Phase.READING;
    }

    boolean hasSession() {
        return phase == Phase.SESSION || phase == Phase.COPY;
    }

    boolean hasCopy() {
        return phase == Phase.COPY || phase == Phase.READING;
    }

    /** True if the session was open when its node was asked for shadow copies, which is event number {@code look}. */
    boolean hasSessionSince(long look) {
        return hasSession() && sessionOpened < look;
    }

    /** True if the copy was there when its node was asked for shadow copies, which is event number {@code look}. */
    boolean hasCopySince(long look) {
        return hasCopy() && copyMade < look;
    }

    @Override
    public String toString() {
        return phase + " of " + volume + " on " + node + (copyCreated == null ? "" : ", copy of " + copyCreated);
    }
}
