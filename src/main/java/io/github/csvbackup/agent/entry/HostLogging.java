package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a host's own log manager. The agent's use of JMX initialises {@code java.util.logging}; were it first, a
 * host such as an application server, whose manager its main class brings along later, would be left with the wrong one.
 */
final class HostLogging {
    private static final long WAIT_NANOS = 60_000_000_000L;
    private static final long LOOK_EVERY_NANOS = 50_000_000L;

    private HostLogging() {}

    static void await(Instrumentation instrumentation) throws IOException {
        String manager = System.getProperty("java.util.logging.manager");
        if (manager != null && !manager.isEmpty() && !manager.equals("java.util.logging.LogManager")) {
            await(instrumentation, manager, WAIT_NANOS);
        }
    }

    /** Returns once the host's manager was loaded, or can be by anyone; throws when it came in no time. */
    static void await(Instrumentation instrumentation, String manager, long waitNanos) throws IOException {
        long begun = System.nanoTime();
        while (!isLoaded(instrumentation, manager)) {
            if (System.nanoTime() - begun > waitNanos) {
                throw new IOException("the log manager " + manager + " that java.util.logging.manager names was not"
                        + " loaded within " + waitNanos / 1_000_000_000L
                        + " s; attach the agent once the host has started");
            }
            if (isOnTheClassPath(manager)) {
                return;
            }
            // An interrupt, which is the host's, would let every further pause end at once.
            Thread.interrupted();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
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
