package io.github.csvbackup.http.server;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits the requests of one client that run in a lane at the same time; its other requests wait; requests of other clients do not. Not thread-safe. */
final class Turns {
    private static final int AT_ONCE = 8;

    private static final class Line {
        private int underWay;
        private final Map<Object, Turn> waiting = new LinkedHashMap<>();
    }

    /** A request whose turn it is. */
    @FunctionalInterface
    interface Turn {
        /** Begins the request. @return false if it is no longer needed */
        boolean begin();
    }

    private final Map<Lane, Map<String, Line>> lines = new EnumMap<>(Lane.class);

    Turns() {
        for (Lane lane : Lane.values()) {
            lines.put(lane, new HashMap<>());
        }
    }

    private Map<String, Line> in(Lane lane) {
        Map<String, Line> found = lines.get(lane);
        if (found == null) {
            throw new IllegalStateException("all lanes have lines");
        }
        return found;
    }

    /**
     * Begins the request now or when its turn comes.
     *
     * @param client the client, over all its connections
     * @param owner the connection; it has one request at a time
     */
    void take(Lane lane, String client, Object owner, Turn turn) {
        Line line = in(lane).computeIfAbsent(client, key -> new Line());
        line.waiting.put(owner, turn);
        advance(lane, client, line);
    }

    /** Removes a request that may be waiting. */
    void leave(Lane lane, String client, Object owner) {
        Line line = in(lane).get(client);
        if (line != null) {
            line.waiting.remove(owner);
        }
    }

    /** Must be called once for each request that has begun. */
    void end(Lane lane, String client) {
        Line line = in(lane).get(client);
        if (line == null || line.underWay == 0) {
            throw new IllegalStateException("a turn that had not begun");
        }
        line.underWay--;
        advance(lane, client, line);
    }

    /** Without memory a turn may fail to begin. It then counts as not running, and the next turns come. */
    private void advance(Lane lane, String client, Line line) {
        while (line.underWay < AT_ONCE && !line.waiting.isEmpty()) {
            Iterator<Turn> first = line.waiting.values().iterator();
            Turn next = first.next();
            first.remove();
            boolean begun = false;
            line.underWay++;
            try {
                begun = next.begin();
            } finally {
                if (!begun) {
                    line.underWay--;
                }
            }
        }
        if (line.underWay == 0 && line.waiting.isEmpty()) {
            in(lane).remove(client);
        }
    }
}
