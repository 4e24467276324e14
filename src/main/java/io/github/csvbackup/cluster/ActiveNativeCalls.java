package io.github.csvbackup.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/** How many threads of this agent may be inside native code: while there is one, native libraries must not be unloaded. Thread-safe. */
public final class ActiveNativeCalls {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private ActiveNativeCalls() {}

    public static void enter() {
        COUNT.incrementAndGet();
    }

    public static void leave() {
        COUNT.decrementAndGet();
    }

    /** Called by the entry's loader too, by name. */
    public static int count() {
        return COUNT.get();
    }
}
