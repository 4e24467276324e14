package io.github.csvbackup.security;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long somebody has to wait after failures: not at all after the first {@value #FREE}, since people mistype, then one second, which doubles with
 * each further failure up to a minute. Ten quiet minutes clear the record; success does not, or guesses could be mixed with a password of one's own.
 * Thread-safe; its memory is bounded.
 */
final class BackOff {
    static final int FREE = 2;
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final long FORGOTTEN_AFTER = TimeUnit.MINUTES.toNanos(10);
    private static final int DOUBLINGS = 6;

    private final LongSupplier nanoTime;
    private final BoundedKeys<Failures> failures = new BoundedKeys<>(Failures::new);

    private static final class Failures {
        int count;
        long last;
        long wait;
    }

    BackOff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** True while that one has to wait. */
    synchronized boolean holds(String who) {
        Failures past = failures.get(who);
        return past.wait > 0 && nanoTime.getAsLong() - past.last < past.wait;
    }

    synchronized void failed(String who) {
        long now = nanoTime.getAsLong();
        Failures past = failures.get(who);
        if (past.count > 0 && now - past.last >= FORGOTTEN_AFTER) {
            past.count = 0;
        }
        past.count++;
        past.last = now;
        int waits = past.count - FREE;
        past.wait = waits <= 0 ? 0 : Math.min(LONGEST, FIRST << Math.min(waits - 1, DOUBLINGS));
    }
}
