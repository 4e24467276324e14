package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.AddressGroup;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.RateLimits;
import io.github.csvbackup.security.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How many operations run, so that none who waits for the cluster takes the place of another. Operators have {@value #OPERATORS_PLACES} places and
 * no other limit. Readers have {@value #READERS_PLACES} places, of which each name has at most {@value #PLACES_OF_A_READER}, and each name may call
 * {@value #PER_SECOND} operations a second. So may all those from one address who send no credentials; they need no place, since nothing
 * that they may call waits, but for one poll in an interval. Thread-safe.
 */
final class OperationLimits {
    static final int OPERATORS_PLACES = 4;
    static final int READERS_PLACES = 3;
    static final int PLACES_OF_A_READER = 2;
    static final int PER_SECOND = 5;

    private final RateLimits rates;
    private final Map<String, Integer> readersTaken = new HashMap<>();
    private int operatorsTaken;

    /** A place that was taken; to be closed once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    OperationLimits(LongSupplier nanoTime) {
        this.rates = new RateLimits(PER_SECOND, nanoTime);
    }

    /** True if the sender may call one more operation now. */
    boolean tryCall(Request request) {
        return switch (request.identity().role()) {
            case OPERATOR -> true;
            case READER -> rates.tryTake("user " + request.identity().name());
            case ANONYMOUS -> rates.tryTake(group(request.remoteAddress()));
        };
    }

    private static String group(String address) {
        try {
            return AddressGroup.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }

    /** A place for the operations of one request; empty if there is none. */
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
        int all = readersTaken.values().stream().mapToInt(Integer::intValue).sum();
        if (all >= READERS_PLACES || readersTaken.getOrDefault(name, 0) >= PLACES_OF_A_READER) {
            return Optional.empty();
        }
        readersTaken.merge(name, 1, Integer::sum);
        return Optional.of(() -> readerLeaves(name));
    }

    private synchronized void operatorLeaves() {
        operatorsTaken--;
    }

    private synchronized void readerLeaves(String name) {
        readersTaken.computeIfPresent(name, (key, taken) -> taken == 1 ? null : taken - 1);
    }
}
