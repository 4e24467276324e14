package io.github.csvbackup.agent.cli;

/** The command attach: brings the agent into a running JVM of this machine. */
final class AttachCommand {
    private AttachCommand() {}

    /**
     * Blocks until the agent runs there or has failed, at most about half a minute; prints what came of it.
     *
     * @return the exit code
     */
    static int run(String pid, String arguments) {
        return ask(pid, arguments);
    }

    /** Hands a request to the agent's entry class in that JVM, and prints its answer. */
    static int ask(String pid, String request) {
        try {
            return OtherJvm.ask(pid, request);
        } catch (NoClassDefFoundError e) {
            // Raised by the mere loading of the class that uses jdk.attach, so the catch cannot be in there.
            System.err.println("csv-backup-agent: this Java has no module jdk.attach: use the java command of a JDK");
            return CommandLine.FAILURE;
        }
    }
}
