package io.github.csvbackup;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Between two looks at a condition: without it, a test that waits takes a core from the tests beside it. */
public final class Pause {
    private Pause() {}

    public static void briefly() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
}
