package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the log manager of the host. The agent's use of JMX initialises {@code java.util.logging}. If that happened first, a host such as an
 * application server, whose main class provides the log manager later, would get the wrong one.
 */
final class HostLogging {
    private static final long WAIT_NANOS = 60_000_000_000L;
    private static final long CHECK_EVERY_NANOS = 50_000_000L;

    private HostLogging() {}

    static void await(Instrumentation instrumentation) throws IOException {
        String manager = System.getProperty("java.util.logging.manager");
        if (manager != null && !manager.isEmpty() && !manager.equals("java.util.logging.LogManager")) {
            await(instrumentation, manager, WAIT_NANOS);
        }
    }

    /** Returns when the log manager is loaded or is on the class path; throws after {@code waitNanos}. */
    static void await(Instrumentation instrumentation, String manager, long waitNanos) throws IOException {
        long begun = System.nanoTime();
        while (!isLoaded(instrumentation, manager)) {
            if (System.nanoTime() - begun > waitNanos) {
                throw new IOException("the host did not load its log manager " + manager
                        + " (java.util.logging.manager) within " + waitNanos / 1_000_000_000L
                        + " s; attach the agent after the host has started");
            }
            if (isOnTheClassPath(manager)) {
                return;
            }
            // After an interrupt by the host, each further pause would return at once.
            Thread.interrupted();
            LockSupport.parkNanos(CHECK_EVERY_NANOS);
        }
    }

    private static boolean isLoaded(Instrumentation instrumentation, String manager) {
        Class<?>[] loaded = instrumentation.getAllLoadedClasses();
        for (int i = 0; i < loaded.length; i++) {
            if (loaded[i].getName().equals(manager)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOnTheClassPath(@Nullable String manager) {
        return ClassLoader.getSystemResource(String.valueOf(manager).replace('.', '/') + ".class") != null;
    }
}
