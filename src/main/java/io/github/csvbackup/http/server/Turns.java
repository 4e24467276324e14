package io.github.csvbackup.http.server;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** Lets few requests of one address into a lane at once: the others of that address wait for them, and nobody else does. For one thread. */
final class Turns {
    private static final int AT_ONCE = 8;

    private record Queued(Lane lane, InetAddress client) {}

    private static final class Line {
        private int underWay;
        private final Queue<Turn> waiting = new ArrayDeque<>();
    }

    /** A request whose turn it is. */
    @FunctionalInterface
    interface Turn {
        /** Begins, unless it is not wanted any more: then it returns false. */
        boolean begin();
    }

    private final Map<Queued, Line> lines = new HashMap<>();

    /** Begins now or when it is that request's turn. */
    void take(Lane lane, InetAddress client, Turn turn) {
        Line line = lines.computeIfAbsent(new Queued(lane, client), key -> new Line());
        if (line.underWay >= AT_ONCE) {
            line.waiting.add(turn);
            return;
        }
        line.underWay++;
        if (!turn.begin()) {
            end(lane, client);
        }
    }

    /** To be called once for each that has begun. */
    void end(Lane lane, InetAddress client) {
        Queued key = new Queued(lane, client);
        Line line = lines.get(key);
        if (line == null) {
            throw new IllegalStateException("a turn that had not begun");
        }
        for (Turn next = line.waiting.poll(); next != null; next = line.waiting.poll()) {
            if (next.begin()) {
                return;
            }
        }
        line.underWay--;
        if (line.underWay == 0) {
            lines.remove(key);
        }
    }
}
