package io.github.csvbackup.security;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The waiting time after failed attempts. The first {@value #FREE} cost nothing, since people mistype. Then it is one second, doubled by each further
 * failure up to a minute. Ten minutes without a failure reset it. A success does not, because an attacker could mix guesses with a valid password.
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

    /** Whether this sender or name must still wait. */
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
