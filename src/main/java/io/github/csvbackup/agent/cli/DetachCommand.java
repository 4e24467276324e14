package io.github.csvbackup.agent.cli;

/** The command detach: ends the agent in a running JVM of this machine. */
final class DetachCommand {
    private static final String REQUEST = "detach";

    private DetachCommand() {}

    /**
     * Blocks until the agent there has ended, at most about half a minute; prints what came of it.
     *
     * @return the exit code
     */
    static int run(String pid) {
        return AttachCommand.ask(pid, REQUEST);
    }
}
