package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The agent in a host JVM, at most one at a time. It starts on a daemon thread. A failure there is one line on stderr, and the host keeps
 * running.
 */
final class Guest implements Runnable {
    private static final long WAIT_SECONDS = 30;
    private static @Nullable Guest current;

    private final String arguments;
    private final @Nullable String jar;
    private final Instrumentation instrumentation;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile AttachResult answer = new AttachResult(
            false, "the agent is still starting after " + WAIT_SECONDS + " s; see the stderr of that JVM");
    private volatile String version = "";
    private @Nullable IsolatedLoader loader;
    private @Nullable AutoCloseable agent;

    private Guest(String arguments, @Nullable String jar, Instrumentation instrumentation) {
        this.arguments = arguments;
        this.jar = jar;
        this.instrumentation = instrumentation;
    }

    /**
     * Starts the agent if none is running; returns at once.
     *
     * @param jar the address of the jar to start; null for the one of this class
     * @param version its version; null if unknown
     */
    static Outcome attach(
            String arguments, @Nullable String jar, @Nullable String version, Instrumentation instrumentation) {
        Outcome begun = register(arguments, jar, version, instrumentation);
        Guest guest = begun.guest();
        if (guest != null) {
            try {
                Entry.begin(guest);
            } catch (RuntimeException | Error e) {
                // Such as an OutOfMemoryError when no thread can be created.
                guest.fail(e);
                guest.started.countDown();
            }
        }
        return begun;
    }

    /** The guest whose start is to be run; none if there is one already. */
    static synchronized Outcome register(
            String arguments, @Nullable String jar, @Nullable String version, Instrumentation instrumentation) {
        if (current != null) {
            AttachResult already = current.again(arguments, version);
            Messages.print(already.message());
            return new Outcome(null, already);
        }
        Guest guest = new Guest(arguments, jar, instrumentation);
        current = guest;
        return new Outcome(guest, guest.answer);
    }

    /** The answer to a second attach: a failure if its options or its version differ, since they have no effect. */
    private AttachResult again(String others, @Nullable String otherVersion) {
        if (started.getCount() > 0) {
            return new AttachResult(false, "an agent is already starting in this JVM; nothing changed");
        }
        String running = "csv-backup-agent " + version + " is already running in this JVM";
        if (otherVersion != null && !otherVersion.equals(version)) {
            return new AttachResult(false, running + "; to start version " + otherVersion + ", detach it first");
        }
        return others.equals(arguments)
                ? new AttachResult(true, running + "; nothing changed")
                : new AttachResult(false, running + " with other options; to change them, detach it first");
    }

    /** Stops the agent. */
    static AttachResult detach() {
        Guest guest = take();
        if (guest == null) {
            return new AttachResult(true, "no agent is running in this JVM; nothing changed");
        }
        AttachResult failure = guest.awaitStart();
        if (guest.started.getCount() > 0) {
            restore(guest);
            return failure;
        }
        return new Stopper(guest).await();
    }

    private static synchronized @Nullable Guest take() {
        Guest guest = current;
        current = null;
        return guest;
    }

    private static synchronized void restore(Guest guest) {
        if (current == null) {
            current = guest;
        }
    }

    private static synchronized void forget(Guest guest) {
        if (current == guest) {
            current = null;
        }
    }

    @Override
    public void run() {
        Thread thread = Thread.currentThread();
        try {
            HostLogging.await(instrumentation);
            IsolatedLoader isolated = jar == null ? IsolatedLoader.open() : IsolatedLoader.open(jar);
            loader = isolated;
            version = isolated.version();
            thread.setContextClassLoader(isolated);
            agent = (AutoCloseable)
                    isolated.launcher().getMethod("start", String.class).invoke(null, arguments);
            answer = new AttachResult(true, "the agent was started: " + agent);
        } catch (Throwable e) {
            // Never harm the host: catch errors as well.
            fail(e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e);
        } finally {
            thread.setContextClassLoader(null);
            started.countDown();
        }
    }

    private void fail(Throwable failure) {
        answer = new AttachResult(false, "the agent was not started: " + Messages.of(failure));
        Messages.print(answer.message());
        forget(this);
        closeLoader();
    }

    private AttachResult awaitStart() {
        try {
            if (!started.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
                return new AttachResult(false, answer.message());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AttachResult(false, "waiting for the start of the agent was interrupted");
        }
        return answer;
    }

    /** Runs on the thread of the stopper. */
    AttachResult close() {
        AttachResult result = new AttachResult(true, "the agent was stopped; nothing of it remains");
        try {
            if (agent != null) {
                agent.close();
            }
        } catch (Throwable e) {
            // Never harm the host.
            result = new AttachResult(false, "the agent was stopped, but not cleanly: " + Messages.of(e));
            Messages.print(result.message());
        }
        agent = null;
        String remains = closeLoader();
        return remains == null ? result : new AttachResult(false, remains);
    }

    /** Returns (and prints) what remains loaded and why; null if nothing remains. */
    private @Nullable String closeLoader() {
        String remains = null;
        if (loader != null) {
            try {
                loader.close();
                RecordTraces.replace();
            } catch (IOException | ReflectiveOperationException e) {
                remains = Messages.of(e);
                Messages.print(remains);
            }
            loader = null;
        }
        return remains;
    }

    /** The outcome of {@link #attach}; the caller chooses whether to wait for it. */
    record Outcome(@Nullable Guest guest, AttachResult known) {
        AttachResult await() {
            return guest == null ? known : guest.awaitStart();
        }
    }
}
