package io.github.csvbackup.agent.entry;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** The manifest's Main-Class, Premain-Class and Agent-Class. */
public final class Entry {
    private Entry() {}

    /** On its own: runs on the calling thread and ends the JVM with the agent's exit code. */
    public static void main(String[] args) {
        int code = 1;
        try {
            IsolatedLoader loader = IsolatedLoader.open();
            Thread.currentThread().setContextClassLoader(loader);
            code = (Integer) loader.main().getMethod("run", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            Messages.print(Messages.of(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | java.io.IOException | LinkageError e) {
            Messages.print(Messages.of(e));
        }
        System.exit(code);
    }

    /** As a guest from the host's start: leaves at once, the agent starts on a thread of its own. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            Guest.attach(arguments == null ? "" : arguments, instrumentation);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // Anything thrown from here would end the host: the JVM aborts when a -javaagent fails.
            Messages.print("the agent was not started: " + Messages.of(e));
        }
    }

    /**
     * As a guest of a running JVM, on its attach listener's thread. Waits a bounded time for the outcome, so that the
     * attaching process can be told. Never throws: the JVM would print a stack trace in the host's name.
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        AttachRequest request = AttachRequest.parse(arguments == null ? "" : arguments);
        try {
            request.answer(
                    request.isDetach()
                            ? Guest.detach()
                            : Guest.attach(request.arguments(), instrumentation).await());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            Messages.print(Messages.of(e));
            request.answer(new AttachResult(false, Messages.of(e)));
        }
    }
}
