package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ClusterException;

/** The agents of other nodes as a source of evidence about their own nodes. Thread-safe. */
public interface Peers {
    /** Asks no agent. */
    Peers NONE = new Peers() {
        @Override
        public boolean asks(String node) {
            return false;
        }

        @Override
        public PeerEvidence ask(String node, boolean withShadowCopies) throws ClusterException {
            throw ClusterException.unavailable("no agent is configured for " + node, "Set tls-trust.");
        }
    };

    /** True if {@link #ask} never blocks, so that it needs no thread of its own: for tests. */
    default boolean neverBlocks() {
        return false;
    }

    /** True if this agent asks the agent of the node. False if none is configured for it, or it is this agent's own node. */
    boolean asks(String node);

    /**
     * Asks the agent of a node about that node. Blocks no longer than the deadline of the implementation.
     *
     * @param withShadowCopies also list the shadow copies, which <strong>starts the VSS service there</strong>
     * @throws ClusterException if there is no answer that counts: the message says what happened, as a sentence without a full stop
     */
    PeerEvidence ask(String node, boolean withShadowCopies) throws ClusterException;
}
