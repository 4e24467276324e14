package io.github.csvbackup.http;

import java.util.concurrent.TimeUnit;

/** What a worker thread waits for, and how long it may. */
enum WorkPhase {
    /** The request's head. A client that takes longer while others wait loses its connection. */
    HEAD(10_000, 20),
    /** The request's body. */
    BODY(15_000, 2_000),
    /** Our own work: never interrupted, since a clear may be under way. */
    HANDLING(Long.MAX_VALUE, Long.MAX_VALUE),
    /** A client that reads. */
    WRITING(30_000, 5_000);

    private final long calmMillis;
    private final long crowdedMillis;

    WorkPhase(long calmMillis, long crowdedMillis) {
        this.calmMillis = calmMillis;
        this.crowdedMillis = crowdedMillis;
    }

    /** @param crowded whether requests queue */
    boolean isOver(long nanos, boolean crowded) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) > (crowded ? crowdedMillis : calmMillis);
    }
}
