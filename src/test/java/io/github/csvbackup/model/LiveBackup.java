package io.github.csvbackup.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A backup of the volume, as the oracle knows it; at most one a node is not yet reading a persistent copy. */
final class LiveBackup {
    /** What it has come to. */
    enum Phase {
        /** The state is set; no VSS session yet. */
        PREPARED,
        /** A VSS session is open, and no shadow copy is listed yet. */
        SESSION,
        /** The copy exists, and goes with its requester. */
        COPY,
        /** The session is over, and a persistent copy is being read. */
        READING
    }

    final String node;
    Phase phase = Phase.PREPARED;

    @Nullable
    Instant copyCreated;

    /** When it made its first copy, of which a persistent one may have taken the place since. */
    @Nullable
    Instant firstCopy;

    @Nullable
    Instant ended;

    /** In the order of what happens; 0 before. */
    long sessionOpened;

    long copyMade;

    LiveBackup(String node) {
        this.node = node;
    }

    /** The cluster simulates it until it reads from a persistent copy. */
    boolean isSimulated() {
        return phase != Phase.READING;
    }

    boolean hasSession() {
        return phase == Phase.SESSION || phase == Phase.COPY;
    }

    boolean hasCopy() {
        return phase == Phase.COPY || phase == Phase.READING;
    }

    @Override
    public String toString() {
        return phase + " on " + node + (copyCreated == null ? "" : ", copy of " + copyCreated);
    }
}
