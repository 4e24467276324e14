package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Blocks until the agent runs there or its start failed, for at most about half a minute. */
@Command(
        name = AttachCommand.NAME,
        description = "Starts the agent in a running JVM of the same account.",
        footer = {"", "Example: attach 4711 backend=simulated,port=0"})
final class AttachCommand implements Callable<Integer> {
    static final String NAME = "attach";

    static final String PID = "Process id of the JVM, as jps or the Task Manager shows it";

    private final PrintStream out;

    @Parameters(index = "0", paramLabel = "PID", description = PID)
    private String pid = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "key=value,...",
            description = "Options of the agent; the command help lists them")
    private String arguments = "";

    AttachCommand(PrintStream out) {
        this.out = out;
    }

    /** The message for an argument that is not in the first two: options on the command line have dashes and no commas. */
    static String hint(String argument) {
        return "Unknown argument '" + argument + "' for command " + NAME + "; write the agent's options as one argument"
                + " without '--', separated by commas, such as backend=simulated,port=0.";
    }

    @Override
    public Integer call() throws StartException {
        // Only the names: the values depend on the environment and the working directory of the other process.
        OptionsParser.splitAgentArguments(arguments);
        out.println(ask(pid, arguments));
        return ExitCode.OK;
    }

    /** Sends a request to the agent's entry class in that JVM, and returns the answer. */
    static String ask(String pid, String request) throws StartException {
        if (!pid.matches("[0-9]+")) {
            throw new UsageException(
                    "'" + pid + "' is not a process id; expected a number, as jps or the Task Manager shows it.");
        }
        // Not in OtherJvm, which cannot even be loaded without that module.
        if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
            throw new StartException("This Java has no module jdk.attach; use the java command of a JDK.");
        }
        return OtherJvm.ask(pid, request);
    }
}
