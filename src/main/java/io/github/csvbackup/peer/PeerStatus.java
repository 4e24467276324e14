package io.github.csvbackup.peer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last question to the agent of another node.
 *
 * @param url where it was asked; empty if that is not known
 * @param outcome null if it was not asked since this agent started
 * @param at when the outcome was known; null if it was not asked
 * @param said what it answered, or why there is no answer that counts: a sentence without a full stop
 * @param remedy what to do: a sentence; empty if there is nothing to do
 */
public record PeerStatus(
        String node,
        String url,
        @Nullable PeerOutcome outcome,
        @Nullable Instant at,
        String said,
        String remedy) {
    /** A node whose agent was not asked. */
    static PeerStatus notAsked(String node, String said) {
        return new PeerStatus(node, "", null, null, said, "");
    }
}
