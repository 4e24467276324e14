package io.github.csvbackup.peer;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a question, with all that belongs to it.
 *
 * @param end by {@link System#nanoTime()}
 * @param whole how long the question may take, for messages
 */
record Deadline(long end, Duration whole) {
    static Deadline in(Duration whole) {
        return new Deadline(System.nanoTime() + whole.toNanos(), whole);
    }

    /** The end of a part that begins now, which is not after the end of all. */
    Deadline ofPart(Duration most) {
        Deadline part = in(most);
        return part.end - end < 0 ? part : this;
    }

    /**
     * What is left, in milliseconds; at least one, because 0 stands for no timeout in sockets.
     *
     * @throws SocketTimeoutException if nothing is left
     */
    int millis() throws SocketTimeoutException {
        return millis(1);
    }

    /**
     * The part of what is left for one of several attempts.
     *
     * @param attempts how many are left
     * @throws SocketTimeoutException if nothing is left
     */
    int millis(int attempts) throws SocketTimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) / attempts);
    }
}
