package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Blocks until the agent has stopped, for at most about half a minute. */
@Command(name = "detach", description = "Stops the agent in a running JVM and removes it completely.")
final class DetachCommand implements Callable<Integer> {
    private static final String REQUEST = "detach";

    private final PrintStream out;

    @Parameters(paramLabel = "PID", description = AttachCommand.PID)
    private String pid = "";

    DetachCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws StartException {
        out.println(AttachCommand.ask(pid, REQUEST));
        return ExitCode.OK;
    }
}
