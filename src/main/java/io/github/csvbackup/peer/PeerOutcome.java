package io.github.csvbackup.peer;

import java.util.Locale;

/** What became of a question to the agent of another node. */
public enum PeerOutcome {
    /** There is an answer that counts. */
    ANSWERED,
    /** This agent lacks something that it needs to ask. */
    NOT_READY,
    /** There is no connection. */
    UNREACHABLE,
    /** The answer, or the connection, did not come in time. */
    TIMEOUT,
    /** The connection ended before the answer did. */
    LOST,
    /** The TLS handshake failed, or one of the certificates cannot be used. */
    TLS,
    /** The other side does not accept this node as a peer. */
    FORBIDDEN,
    /** The answer is a redirect, which is never followed. */
    REDIRECTED,
    /** The agent has a version that cannot be asked. */
    UNSUPPORTED,
    /** The agent says that it failed. */
    FAILED,
    /** The answer is too long, or not one of an agent. */
    MALFORMED,
    /** The answer is to another question. */
    OTHER_QUESTION,
    /** The answer is from the agent of another node. */
    OTHER_NODE,
    /** The answer is from a simulated cluster, or this agent's own cluster is simulated and that of the answer is not. */
    SIMULATED,
    /** The answer is from a node that knows other shared disks. */
    OTHER_CLUSTER;

    /** The name in metrics and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True if there is an answer that counts. */
    public boolean counts() {
        return this == ANSWERED;
    }
}
