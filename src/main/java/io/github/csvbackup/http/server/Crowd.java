package io.github.csvbackup.http.server;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All connections, ordered by phase and by how long they have waited. All connections of a phase have the same time limit, so the next one to
 * time out, and the one without progress for longest, are found without a search. Not thread-safe, except for the number of connections.
 */
final class Crowd {
    private final Map<Phase, Set<Connection>> waiting = new EnumMap<>(Phase.class);
    private final Set<Connection> all = new HashSet<>();
    private final Map<String, Integer> byClient = new HashMap<>();
    private final AtomicInteger size = new AtomicInteger();

    Crowd() {
        for (Phase phase : Phase.values()) {
            waiting.put(phase, new LinkedHashSet<>());
        }
    }

    private Set<Connection> in(Phase phase) {
        Set<Connection> connections = waiting.get(phase);
        if (connections == null) {
            throw new IllegalStateException("all phases have a set");
        }
        return connections;
    }

    int size() {
        return size.get();
    }

    int size(String client) {
        return byClient.getOrDefault(client, 0);
    }

    /** Moves the connection to the end of its new phase; adds it if it is new. */
    void move(Connection connection, Phase before, Phase next) {
        if (all.add(connection)) {
            byClient.merge(connection.client(), 1, Integer::sum);
            size.set(all.size());
        }
        in(before).remove(connection);
        in(next).add(connection);
    }

    /** Removes the connection, even if lack of memory kept it out of every phase. */
    void remove(Connection connection) {
        in(connection.phase()).remove(connection);
        if (all.remove(connection)) {
            size.set(all.size());
            byClient.computeIfPresent(connection.client(), (client, count) -> count == 1 ? null : count - 1);
        }
    }

    /** All connections, in any order. */
    List<Connection> all() {
        return new ArrayList<>(all);
    }

    /** The connection that has been in the phase for longest; null if the phase is empty. */
    @Nullable
    Connection first(Phase phase) {
        Set<Connection> connections = in(phase);
        return connections.isEmpty() ? null : connections.iterator().next();
    }

    /** Bytes held for all connections of a phase. */
    long held(Phase phase) {
        return in(phase).stream().mapToLong(Connection::held).sum();
    }

    /** The slowest other sender of a body, or the connection with the largest body that waits for its turn, whichever holds more; else the given one. */
    Connection holdsMuch(Connection sender) {
        Connection found = in(Phase.BODY).stream()
                .filter(each -> each != sender)
                .findFirst()
                .orElse(sender);
        for (Connection each : in(Phase.TURN)) {
            if (each.held() > 0 && (found == sender || each.held() > found.held())) {
                found = each;
            }
        }
        return found;
    }

    /** The connection that has kept the server waiting for longest; if there is none, the one that has waited longest for its turn; null if there is neither. */
    @Nullable
    Connection oldest() {
        Connection oldest = null;
        for (Phase phase : Phase.values()) {
            Connection first = phase.waitsForClient() ? first(phase) : null;
            if (first != null && (oldest == null || first.since() - oldest.since() < 0)) {
                oldest = first;
            }
        }
        return oldest == null ? first(Phase.TURN) : oldest;
    }

    /** The connection of that client that has kept the server waiting for longest. */
    @Nullable
    Connection oldest(String client) {
        Connection oldest = null;
        for (Phase phase : Phase.values()) {
            if (phase.waitsForClient()) {
                for (Connection each : in(phase)) {
                    if (each.client().equals(client)) {
                        if (oldest == null || each.since() - oldest.since() < 0) {
                            oldest = each;
                        }
                        break;
                    }
                }
            }
        }
        return oldest;
    }

    /** A connection that has timed out; null if there is none. */
    @Nullable
    Connection overdue(long now) {
        for (Phase phase : Phase.values()) {
            Connection first = phase.waitsForClient() ? first(phase) : null;
            if (first != null && now - first.since() >= phase.nanos()) {
                return first;
            }
        }
        return null;
    }

    /** The time until the next connection times out; {@link Long#MAX_VALUE} if none can. */
    long nanosToNextEnd(long now) {
        long least = Long.MAX_VALUE;
        for (Phase phase : Phase.values()) {
            Connection first = phase.waitsForClient() ? first(phase) : null;
            if (first != null) {
                least = Math.min(least, Math.max(0, phase.nanos() - (now - first.since())));
            }
        }
        return least;
    }
}
