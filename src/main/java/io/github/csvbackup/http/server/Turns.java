package io.github.csvbackup.http.server;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets few requests of one client into a lane at once: the others of that client wait for them, and nobody else does. For one thread. */
final class Turns {
    private static final int AT_ONCE = 8;

    private static final class Line {
        private int underWay;
        private final Map<Object, Turn> waiting = new LinkedHashMap<>();
    }

    /** A request whose turn it is. */
    @FunctionalInterface
    interface Turn {
        /** Begins, unless it is not wanted any more: then it returns false. */
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
     * Begins now or when it is that request's turn.
     *
     * @param client who asks, of whatever connection
     * @param owner the connection, which has one request at a time
     */
    void take(Lane lane, String client, Object owner, Turn turn) {
        Line line = in(lane).computeIfAbsent(client, key -> new Line());
        line.waiting.put(owner, turn);
        advance(lane, client, line);
    }

    /** Takes back a request that may be waiting: nothing of it remains. */
    void leave(Lane lane, String client, Object owner) {
        Line line = in(lane).get(client);
        if (line != null) {
            line.waiting.remove(owner);
        }
    }

    /** To be called once for each that has begun. */
    void end(Lane lane, String client) {
        Line line = in(lane).get(client);
        if (line == null || line.underWay == 0) {
            throw new IllegalStateException("a turn that had not begun");
        }
        line.underWay--;
        advance(lane, client, line);
    }

    /** Without memory a turn may fail to begin; it is not under way then, and the others' turns come. */
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
