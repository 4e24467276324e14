package io.github.csvbackup.peer;

import java.util.List;

/** What people see of the agents of other nodes. Thread-safe. */
public interface PeerReports {
    /** The last question to the agent of each other node. Asks no agent, and does not block. */
    List<PeerStatus> last();

    /** Asks the agents of all other nodes once, in parallel, and returns what they answered. Blocks no longer than the slowest may take. */
    List<PeerStatus> askAll();
}
