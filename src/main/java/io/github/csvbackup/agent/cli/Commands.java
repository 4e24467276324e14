package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.security.Role;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The commands of the command line, and what it does without one. Each answers with the process's exit code. */
interface Commands {
    /** Runs the agent until the process is ended. */
    int run(Options options) throws StartException;

    /**
     * Plays the demonstration.
     *
     * @param port where to listen; 0 for any free port
     * @param pace how long to wait after each step
     * @param exit whether to end after the story instead of staying up
     */
    int demo(int port, Duration pace, boolean exit) throws StartException;

    /**
     * Starts the agent in a running JVM.
     *
     * @param arguments {@code key=value,...}, or empty
     */
    int attach(String pid, String arguments) throws StartException;

    /**
     * Tells what the agent can see of this machine's cluster; changes nothing.
     *
     * @param json whether to print one JSON object
     */
    int probe(boolean json) throws StartException;

    /**
     * Prints the audit.
     *
     * @param stateDir where it lies
     */
    int audit(Path stateDir) throws StartException;

    /**
     * Checks the audit.
     *
     * @param stateDir where it lies
     * @param expected a line that was noted elsewhere; null if there is none to compare with
     */
    int verifyAudit(Path stateDir, @Nullable Mark expected) throws StartException;

    /**
     * Prints the user's line of the users file.
     *
     * @param passwordFile its first line is the password; null to ask for it
     */
    int user(String name, Role role, @Nullable Path passwordFile) throws StartException;

    /** Stops the agent in a running JVM. */
    int detach(String pid) throws StartException;
}
