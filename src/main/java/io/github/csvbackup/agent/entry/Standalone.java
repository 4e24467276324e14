package io.github.csvbackup.agent.entry;

import java.lang.reflect.InvocationTargetException;

/**
 * {@code java -jar}, on a Java that is new enough: see {@link JavaCheck}. Its methods do not name types of java.instrument, which a Java may lack.
 */
public final class Standalone {
    private Standalone() {}

    /** Runs the command on the calling thread, then exits the JVM with its exit code. */
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
        if (isService(args)) {
            // Windows knows that the service has stopped, but a native call may hang. An orderly exit could wait for
            // it.
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    /** The command that Windows' service manager runs. */
    private static boolean isService(String[] args) {
        return args.length > 1 && args[0].equals("service") && args[1].equals("run");
    }
}
