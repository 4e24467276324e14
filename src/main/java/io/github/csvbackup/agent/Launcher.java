package io.github.csvbackup.agent;

import io.github.csvbackup.agent.cli.CommandLine;
import io.github.csvbackup.agent.cli.Standalone;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.cluster.windows.WindowsCluster;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The isolated side's door: what the entry class calls. */
public final class Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    /** No method reference: that would load JNA's classes for a simulated cluster too. */
    private static final Agent.WindowsBackend WINDOWS = () -> WindowsCluster.open(Core.SHADOW_COPY_DEADLINE);

    private Launcher() {}

    /** On its own: does what the command line asks for, and blocks until that is done; the answer is the exit code. */
    public static int main(String[] arguments, @Nullable Instrumentation instrumentation) {
        Standalone actions = new Standalone(WINDOWS, instrumentation, System.out);
        return new CommandLine(OptionsParser.ofThisMachine(), actions, System.out, System.err).execute(arguments);
    }

    /**
     * As a guest: starts the agent, and hands back how to end it.
     *
     * @param arguments {@code key=value,...}; may be empty
     * @throws StartException one sentence for people, if it does not start; then nothing of it remains
     */
    public static AutoCloseable start(String arguments, Instrumentation instrumentation) throws StartException {
        Options options =
                OptionsParser.ofThisMachine().parse(OptionsParser.splitAgentArguments(arguments), "agent arguments");
        Agent agent = Agent.start(options, instrumentation, WINDOWS);
        // A host's standard output is its own; with port=0 this line is the only place that tells the port.
        LOG.info("{}", agent.announcement());
        return agent;
    }
}
