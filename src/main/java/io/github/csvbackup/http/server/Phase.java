package io.github.csvbackup.http.server;

import java.util.concurrent.TimeUnit;

/** What a connection waits for, and for how long. A connection that times out is closed. */
enum Phase {
    /** The TLS handshake. */
    HANDSHAKE(10),
    /** The next request on an open connection. */
    IDLE(30),
    /** The rest of a request's head. */
    HEAD(10),
    /** The rest of a request's body. */
    BODY(30),
    /** Its turn: other requests of the same address run, or answers use up the memory. No time limit; if no other connection can make room, the oldest of these is dropped. */
    TURN(0),
    /** The server processes the request. No time limit: a clear may be in progress. */
    WORK(0),
    /** The client has to accept the answer, or the next part of a long one. */
    WRITING(30),
    /** The answer is sent and the connection half closed. Further input is discarded, so that no reset destroys the answer. */
    LINGERING(2);

    private final long seconds;

    Phase(long seconds) {
        this.seconds = seconds;
    }

    /** True if the client has to act within a time limit. */
    boolean waitsForClient() {
        return this != TURN && this != WORK;
    }

    long nanos() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
