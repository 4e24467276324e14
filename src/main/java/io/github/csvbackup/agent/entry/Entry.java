package io.github.csvbackup.agent.entry;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The manifest's Premain-Class and Agent-Class. The {@code main} of a host with {@code -javaagent} waits until this class has begun a thread, and
 * loads no other class of the agent meanwhile.
 */
public final class Entry implements Runnable {
    /** The thread of a {@code -javaagent} has not got as far as to register its agent. Guarded by this class. */
    private static boolean pending;

    private final String arguments;
    private final Instrumentation instrumentation;

    private Entry(String arguments, Instrumentation instrumentation) {
        this.arguments = arguments;
        this.instrumentation = instrumentation;
    }

    /** For {@code -javaagent}: returns at once; the agent starts on its own thread. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            setPending(true);
            begin(new Entry(arguments == null ? "" : arguments, instrumentation));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // An exception from here would end the host: the JVM aborts when a -javaagent fails.
            setPending(false);
            Messages.print("the agent was not started: " + Messages.of(e));
        }
    }

    /** On a daemon thread, which starts an agent. */
    static void begin(Runnable start) {
        // No inherited thread locals: they belong to the host, and would outlive a detach.
        Thread thread = new Thread(null, start, "csv-backup-start", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    @Override
    public void run() {
        try {
            Guest guest;
            try {
                guest = Guest.register(arguments, null, null, instrumentation).guest();
            } finally {
                setPending(false);
            }
            if (guest != null) {
                guest.run();
            }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // Not to the handler of uncaught exceptions, which is the host's.
            Messages.print("the agent was not started: " + Messages.of(e));
        }
    }

    private static synchronized void setPending(boolean now) {
        pending = now;
        Entry.class.notifyAll();
    }

    /** Waits until the agent of a {@code -javaagent} is registered, for milliseconds: nothing that may hang comes before. */
    static synchronized void awaitRegistration() throws InterruptedException {
        while (pending) {
            Entry.class.wait();
        }
    }

    /**
     * For an attach to a running JVM, on the thread of its attach listener. Waits for the outcome for a bounded time, to report it to the attaching
     * process. Never throws, since the JVM would print a stack trace to the output of the host.
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        AttachRequest.parse(arguments == null ? "" : arguments).fulfil(instrumentation);
    }
}
