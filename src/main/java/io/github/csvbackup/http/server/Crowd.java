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
 * All connections, by what they wait for. In each phase those that wait longest come first, and a phase has one time for all: so who is next to
 * end, and who has made no progress for longest, is known without a search. For one thread, but for the number of all.
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

    /** Puts it behind all others of its next phase; one that was not there yet is added. */
    void move(Connection connection, Phase before, Phase next) {
        if (all.add(connection)) {
            byClient.merge(connection.client(), 1, Integer::sum);
            size.set(all.size());
        }
        in(before).remove(connection);
        in(next).add(connection);
    }

    /** Forgets it, also if it is in no phase, as without memory. */
    void remove(Connection connection) {
        in(connection.phase()).remove(connection);
        if (all.remove(connection)) {
            size.set(all.size());
            byClient.computeIfPresent(connection.client(), (client, count) -> count == 1 ? null : count - 1);
        }
    }

    /** All of them, in no order. */
    List<Connection> all() {
        return new ArrayList<>(all);
    }

    /** Who has been longest in a phase; null if none is in it. */
    @Nullable
    Connection first(Phase phase) {
        Set<Connection> connections = in(phase);
        return connections.isEmpty() ? null : connections.iterator().next();
    }

    /** Bytes held for all connections of a phase. */
    long held(Phase phase) {
        return in(phase).stream().mapToLong(Connection::held).sum();
    }

    /** The first of a phase for whom something is held; null if there is none. */
    @Nullable
    Connection firstHolding(Phase phase) {
        for (Connection each : in(phase)) {
            if (each.held() > 0) {
                return each;
            }
        }
        return null;
    }

    /** Who lets the server wait for longest; if nobody does, who has waited for its turn for longest; null if there is no such connection. */
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

    /** Who of that client lets the server wait for longest. */
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

    /** A connection whose time is over; null if there is none. */
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

    /** How long until somebody's time is over; {@link Long#MAX_VALUE} if nobody waits. */
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
