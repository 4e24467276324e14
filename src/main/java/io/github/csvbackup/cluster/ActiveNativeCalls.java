package io.github.csvbackup.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the threads of this agent that may be inside native code: native libraries must not be unloaded while there is one. Also records the
 * function that each is in, for messages about calls that hang: the thread records it, and threads that wait for it read it. Thread-safe.
 */
public final class ActiveNativeCalls {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Site NOWHERE = new Site("", "");
    private static final Map<Thread, Site> SITES = new ConcurrentHashMap<>();

    /** The position of a thread; empty texts where nothing is recorded. */
    private record Site(String function, String object) {}

    private ActiveNativeCalls() {}

    /** This thread begins a call to the cluster. */
    public static void enter() {
        SITES.put(Thread.currentThread(), NOWHERE);
        COUNT.incrementAndGet();
    }

    /** The call has ended. */
    public static void leave() {
        SITES.remove(Thread.currentThread());
        COUNT.decrementAndGet();
    }

    /** The loader of the entry calls this too, by name. */
    public static int count() {
        return COUNT.get();
    }

    /** The following native functions are about this object, such as a node. Recorded only within a call, like everything here. */
    public static void about(String object) {
        SITES.computeIfPresent(Thread.currentThread(), (thread, site) -> new Site(site.function(), object));
    }

    /** This thread calls a native function. */
    public static void begin(String function) {
        SITES.computeIfPresent(Thread.currentThread(), (thread, site) -> new Site(function, site.object()));
    }

    /** The native function has returned. */
    public static void end() {
        begin("");
    }

    /** The native function that a thread is in, and its object if recorded; null if it is in none. */
    public static @Nullable String site(Thread thread) {
        Site site = SITES.get(thread);
        if (site == null || site.function().isEmpty()) {
            return null;
        }
        return site.object().isEmpty() ? site.function() : site.function() + " on " + site.object();
    }
}
