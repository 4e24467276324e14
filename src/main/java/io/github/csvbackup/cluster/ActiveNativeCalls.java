package io.github.csvbackup.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many threads of this agent may be inside native code: while there is one, native libraries must not be unloaded. And in which function
 * each is, for the messages about calls that hang: the thread notes it, whoever waits for the thread reads it. Thread-safe.
 */
public final class ActiveNativeCalls {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Map<Thread, Site> SITES = new ConcurrentHashMap<>();

    /** Where a thread is; empty texts where it has noted nothing. */
    private record Site(String function, String object) {}

    private ActiveNativeCalls() {}

    /** This thread begins a call to the cluster. */
    public static void enter() {
        COUNT.incrementAndGet();
        SITES.put(Thread.currentThread(), new Site("", ""));
    }

    /** The call has ended. */
    public static void leave() {
        SITES.remove(Thread.currentThread());
        COUNT.decrementAndGet();
    }

    /** Called by the entry's loader too, by name. */
    public static int count() {
        return COUNT.get();
    }

    /** The native functions that follow are about this object, such as a node. Noted within a call only, as all of this. */
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

    /** The native function that a thread is in, and its object if it has noted one; null if it is in none. */
    public static @Nullable String site(Thread thread) {
        Site site = SITES.get(thread);
        if (site == null || site.function().isEmpty()) {
            return null;
        }
        return site.object().isEmpty() ? site.function() : site.function() + " on " + site.object();
    }
}
