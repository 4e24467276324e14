package io.github.csvbackup.agent.entry;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The manifest's Premain-Class and Agent-Class. */
public final class Entry {
    private Entry() {}

    /** For {@code -javaagent}: returns at once; the agent starts on its own thread. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            Guest.attach(arguments == null ? "" : arguments, null, null, instrumentation);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // An exception from here would end the host: the JVM aborts when a -javaagent fails.
            Messages.print("the agent was not started: " + Messages.of(e));
        }
    }

    /**
     * For an attach to a running JVM, on the thread of its attach listener. Waits for the outcome for a bounded time, to report it to the attaching
     * process. Never throws, since the JVM would print a stack trace to the output of the host.
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        AttachRequest request = AttachRequest.parse(arguments == null ? "" : arguments);
        try {
            request.answer(
                    request.isDetach()
                            ? Guest.detach()
                            : Guest.attach(request.arguments(), request.jar(), request.version(), instrumentation)
                                    .await());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            Messages.print(Messages.of(e));
            request.answer(new AttachResult(false, Messages.of(e)));
        }
    }
}
