package io.github.csvbackup.agent.cli;

/** The commands {@code attach} and {@code detach}: brings the agent into a running JVM of this machine, and out of it. */
public final class Attach {
    private static final String DETACH = "detach";

    private Attach() {}

    /**
     * Blocks until the agent runs there or has failed, at most about half a minute; prints what came of it.
     *
     * @return the exit code
     */
    public static int attach(String pid, String arguments) {
        return ask(pid, arguments);
    }

    /**
     * Blocks until the agent there has ended, at most about half a minute; prints what came of it.
     *
     * @return the exit code
     */
    public static int detach(String pid) {
        return ask(pid, DETACH);
    }

    private static int ask(String pid, String request) {
        try {
            return OtherJvm.ask(pid, request);
        } catch (NoClassDefFoundError e) {
            // Raised by the mere loading of the class that uses jdk.attach, so the catch cannot be in there.
            System.err.println("csv-backup-agent: this Java has no module jdk.attach: use the java command of a JDK");
            return 1;
        }
    }
}
