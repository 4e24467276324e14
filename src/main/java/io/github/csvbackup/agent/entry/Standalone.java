package io.github.csvbackup.agent.entry;

import java.lang.reflect.InvocationTargetException;

/**
 * The manifest's Main-Class. Its methods name no type of java.instrument: the launcher looks at them, and would end with a trace where a Java was made
 * without that module.
 */
public final class Standalone {
    private Standalone() {}

    /** Runs on the calling thread and ends the JVM with the agent's exit code. */
    public static void main(String[] args) {
        int code = 1;
        try {
            IsolatedLoader loader = IsolatedLoader.open();
            Thread.currentThread().setContextClassLoader(loader);
            code = (Integer) loader.main().getMethod("run", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            Messages.print(Messages.of(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | java.io.IOException | LinkageError | SecurityException e) {
            Messages.print(Messages.of(e));
        }
        System.exit(code);
    }
}
