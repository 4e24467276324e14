package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The agent in someone else's JVM, at most one at a time. Starts on a daemon thread of its own; whatever goes wrong
 * there is one line on stderr, and the host runs on.
 */
final class Guest extends Thread {
    private static final long WAIT_SECONDS = 30;
    private static @Nullable Guest current;

    private final String arguments;
    private final Instrumentation instrumentation;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile AttachResult answer = new AttachResult(
            false, "the agent is still starting after " + WAIT_SECONDS + " s; see the stderr of that JVM");
    private @Nullable IsolatedLoader loader;
    private @Nullable AutoCloseable agent;

    private Guest(String arguments, Instrumentation instrumentation) {
        // No inherited thread locals: they are the host's, and would outlive a detach.
        super(null, null, "csv-backup-start", 0, false);
        this.arguments = arguments;
        this.instrumentation = instrumentation;
        setDaemon(true);
        setContextClassLoader(null);
    }

    /** Starts the agent unless one is here; returns at once. */
    static synchronized Outcome attach(String arguments, Instrumentation instrumentation) {
        if (current != null) {
            AttachResult already = current.again(arguments);
            Messages.print(already.message());
            return new Outcome(null, already);
        }
        Guest guest = new Guest(arguments, instrumentation);
        current = guest;
        guest.start();
        return new Outcome(guest, guest.answer);
    }

    /** What a second attach is told: it is harmless, but options that do not take effect are not passed over. */
    private AttachResult again(String others) {
        return others.equals(arguments)
                ? new AttachResult(true, "the agent is already running in this JVM; nothing was changed")
                : new AttachResult(
                        false,
                        "the agent is already running in this JVM with other options, which stay as they are; detach it"
                                + " first to start it with these");
    }

    /** Stops the agent, and forgets it. */
    static AttachResult detach() {
        Guest guest = take();
        if (guest == null) {
            return new AttachResult(true, "no agent runs in this JVM; nothing was changed");
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
        try {
            HostLogging.await(instrumentation);
            IsolatedLoader isolated = IsolatedLoader.open();
            loader = isolated;
            setContextClassLoader(isolated);
            agent = (AutoCloseable)
                    isolated.launcher().getMethod("start", String.class).invoke(null, arguments);
            answer = new AttachResult(true, "the agent was started: " + agent);
        } catch (Throwable e) {
            // A guest never harms its host: errors too end here.
            fail(e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e);
        } finally {
            setContextClassLoader(null);
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
            return new AttachResult(false, "the wait for the agent's start was interrupted");
        }
        return answer;
    }

    /** On the stopper's thread. */
    AttachResult close() {
        AttachResult result = new AttachResult(true, "the agent was stopped; nothing of it remains");
        try {
            if (agent != null) {
                agent.close();
            }
        } catch (Throwable e) {
            // As at the start: a guest never harms its host.
            result = new AttachResult(false, "the agent was stopped, but not cleanly: " + Messages.of(e));
            Messages.print(result.message());
        }
        agent = null;
        String remains = closeLoader();
        return remains == null ? result : new AttachResult(false, remains);
    }

    /** What remains and why, which has been printed; null if nothing does. */
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

    /** What {@link #attach} led to; the wait for it is the caller's choice. */
    record Outcome(@Nullable Guest guest, AttachResult known) {
        AttachResult await() {
            return guest == null ? known : guest.awaitStart();
        }
    }
}
