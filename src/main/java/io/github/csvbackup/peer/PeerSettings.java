package io.github.csvbackup.peer;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the agents of other nodes listen, and how long they may take.
 *
 * @param places by the node's name, for agents that are not at the full DNS name of their node and the usual port
 * @param off the nodes whose agents are not asked
 * @param usualPort the port of agents without a place
 * @param connecting how long an agent may take to accept a connection with TLS
 * @param patience how long an agent may take to answer about its services
 * @param patienceWithShadowCopies the same with shadow copies
 */
public record PeerSettings(
        Map<String, Place> places,
        Set<String> off,
        int usualPort,
        Duration connecting,
        Duration patience,
        Duration patienceWithShadowCopies) {
    /**
     * Where an agent listens.
     *
     * @param host a DNS name or an address, without brackets
     */
    public record Place(String host, int port) {}

    public PeerSettings {
        Map<String, Place> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        inAnyCase.putAll(places);
        places = inAnyCase;
        Set<String> offInAnyCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        offInAnyCase.addAll(off);
        off = offInAnyCase;
    }

    /** The nodes that the option peers names. */
    Set<String> named() {
        Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        named.addAll(places.keySet());
        named.addAll(off);
        return named;
    }

    boolean isOff(String node) {
        return off.contains(node);
    }

    /** @param name the full DNS name of the node */
    PeerAddress address(String node, String name) {
        Place place = places.getOrDefault(node, new Place(name, usualPort));
        return new PeerAddress(node, place.host(), place.port(), name);
    }
}
