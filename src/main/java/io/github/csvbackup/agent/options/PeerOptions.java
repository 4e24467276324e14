package io.github.csvbackup.agent.options;

import java.util.Map;
import java.util.Set;

/**
 * The agents of other nodes that are asked for evidence, other than those at the usual address.
 *
 * @param places where the agents of some nodes listen, by the name of the node
 * @param off the nodes whose agents are not asked
 */
public record PeerOptions(Map<String, Place> places, Set<String> off) {
    /** All agents, at their usual addresses. */
    public static final PeerOptions USUAL = new PeerOptions(Map.of(), Set.of());

    public PeerOptions {
        places = Map.copyOf(places);
        off = Set.copyOf(off);
    }

    /**
     * An address.
     *
     * @param host a DNS name or an address, without brackets
     */
    public record Place(String host, int port) {}
}
