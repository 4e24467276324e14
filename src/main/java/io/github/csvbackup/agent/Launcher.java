package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent as a guest: what the entry class calls on the isolated side. */
public final class Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /**
     * Starts the agent, and hands back how to end it.
     *
     * @param arguments {@code key=value,...}; may be empty
     * @throws StartException one sentence for people, if it does not start; then nothing of it remains
     */
    public static AutoCloseable start(String arguments) throws StartException {
        Options options =
                OptionsParser.ofThisMachine().parse(OptionsParser.splitAgentArguments(arguments), "agent arguments");
        Agent agent = Agent.start(options, WindowsBackend.OF_THIS_NODE);
        // A host's standard output is its own; with port=0 this line is the only place that tells the port.
        LOG.info("{}", agent.announcement());
        return agent;
    }
}
