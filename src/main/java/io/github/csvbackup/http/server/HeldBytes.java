package io.github.csvbackup.http.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** The bytes of bodies and answers that are held for clients, and the requests that wait until they are fewer. Not thread-safe. */
final class HeldBytes {
    private final long most;
    private final Crowd crowd;
    private final Consumer<Connection> drop;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long held;

    /**
     * None held.
     *
     * @param most above it, requests of readers wait
     * @param drop drops a connection to make room
     */
    HeldBytes(long most, Crowd crowd, Consumer<Connection> drop) {
        this.most = most;
        this.crowd = crowd;
        this.drop = drop;
    }

    boolean areTooMany() {
        return held > most;
    }

    /** Runs it once there are no longer too many. */
    void whenFewer(Runnable request) {
        waiting.add(request);
    }

    boolean makeOthersWait() {
        return !waiting.isEmpty();
    }

    void forgetWaiting() {
        waiting.clear();
    }

    /**
     * Counts the bytes held for clients. If bodies take more than half of the limit and all together exceed the limit, connections are
     * dropped: the slowest sender, or the one with the largest body that waits for its turn, whichever holds more. So large bodies do not
     * displace small ones. Answers alone are not a reason: they are sent soon, and the few bytes of a body would not replace them.
     */
    void add(Connection connection, int more) {
        held += more;
        while (more > 0 && connection.phase() == Phase.BODY && areTooMany() && bodiesTakeTooMuch()) {
            drop.accept(crowd.holdsMuch(connection));
            if (!connection.isOpen()) {
                return;
            }
        }
        while (!areTooMany() && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    /** Until its answer is written, a connection holds a body. */
    private boolean bodiesTakeTooMuch() {
        return crowd.held(Phase.BODY) + crowd.held(Phase.TURN) + crowd.held(Phase.WORK) > most / 2;
    }
}
