package io.github.csvbackup.http.server;

import java.util.concurrent.TimeUnit;

/** What a connection waits for, and how long it may. A client whose time is over loses its connection. */
enum Phase {
    /** The TLS handshake. */
    HANDSHAKE(10),
    /** The next request on a kept connection. */
    IDLE(30),
    /** The rest of a request's head. */
    HEAD(10),
    /** The rest of a request's body. */
    BODY(30),
    /** Others of the same address, or the memory that answers hold. It has no end; where nobody else can make room, the oldest of these does. */
    TURN(0),
    /** Our own work. It has no end: a clear may be under way. */
    WORK(0),
    /** The client takes the answer, or the next part of a long one. */
    WRITING(30),
    /** The answer is sent and the connection half closed: what the client still sends is discarded, so that no reset destroys the answer. */
    LINGERING(2);

    private final long seconds;

    Phase(long seconds) {
        this.seconds = seconds;
    }

    /** True if this is the client's time, which ends. */
    boolean waitsForClient() {
        return this != TURN && this != WORK;
    }

    long nanos() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
