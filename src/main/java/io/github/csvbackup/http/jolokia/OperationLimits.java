package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.AddressGroup;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.RateLimits;
import io.github.csvbackup.security.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Limits concurrent operations at one door, because they may wait for the cluster.
 *
 * <ul>
 *   <li>Operators share {@value #OPERATORS_PLACES} places and have no other limit.
 *   <li>Readers share {@value #READERS_PLACES} places, so that the server keeps threads for reading. A user has at most one of them, and
 *       {@value #PER_SECOND} calls a second.
 *   <li>Another node of the cluster has {@value #PLACES_OF_A_PEER} places, and {@value #PEERS_PER_SECOND} calls a second: with each poll it asks
 *       once, and before each clear again.
 *   <li>Anonymous clients of one address share {@value #PER_SECOND} calls a second. They need no place: their calls do not wait, except for one
 *       poll per interval.
 * </ul>
 *
 * Thread-safe.
 */
final class OperationLimits {
    static final int OPERATORS_PLACES = 4;
    static final int READERS_PLACES = 2;
    static final int PER_SECOND = 5;
    static final int PLACES_OF_A_PEER = 4;
    static final int PEERS_PER_SECOND = 20;

    private final RateLimits rates;
    private final RateLimits peerRates;
    private final Set<String> readers = new HashSet<>();
    private final Map<String, Integer> peers = new HashMap<>();
    private int operatorsTaken;

    /** A taken place. Close it once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    OperationLimits(LongSupplier nanoTime) {
        this.rates = new RateLimits(PER_SECOND, nanoTime);
        this.peerRates = new RateLimits(PEERS_PER_SECOND, nanoTime);
    }

    /** Whether the rate of the sender allows another call now. */
    boolean tryCall(Request request) {
        return switch (request.identity().role()) {
            case OPERATOR -> true;
            case PEER -> peerRates.tryTake(request.identity().name());
            case READER -> rates.tryTake("user " + request.identity().name());
            case ANONYMOUS -> rates.tryTake(group(request.remoteAddress()));
        };
    }

    private static String group(String address) {
        try {
            return AddressGroup.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Not an address: " + address, e);
        }
    }

    /** A place for the operations of one request; empty if all are taken. */
    synchronized Optional<Place> tryPlace(Identity identity) {
        if (identity.role() == Role.ANONYMOUS) {
            return Optional.of(() -> {});
        }
        if (identity.role() == Role.OPERATOR) {
            if (operatorsTaken >= OPERATORS_PLACES) {
                return Optional.empty();
            }
            operatorsTaken++;
            return Optional.of(this::operatorLeaves);
        }
        String name = identity.name();
        if (identity.isPeer()) {
            if (peers.getOrDefault(name, 0) >= PLACES_OF_A_PEER) {
                return Optional.empty();
            }
            peers.merge(name, 1, Integer::sum);
            return Optional.of(() -> peerLeaves(name));
        }
        if (readers.size() >= READERS_PLACES || !readers.add(name)) {
            return Optional.empty();
        }
        return Optional.of(() -> readerLeaves(name));
    }

    private synchronized void operatorLeaves() {
        operatorsTaken--;
    }

    private synchronized void peerLeaves(String name) {
        peers.computeIfPresent(name, (node, taken) -> taken == 1 ? null : taken - 1);
    }

    private synchronized void readerLeaves(String name) {
        readers.remove(name);
    }
}
