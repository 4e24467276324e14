package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the agent in a host JVM: the entry class calls this on the isolated side. */
public final class Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /**
     * Starts the agent; closing the result stops it, and throws if something of it remains.
     *
     * @param arguments {@code key=value,...}; may be empty
     * @throws StartException if the agent cannot start; then nothing of it remains
     */
    public static AutoCloseable start(String arguments) throws StartException {
        Options options =
                OptionsParser.ofThisMachine().parse(OptionsParser.splitAgentArguments(arguments), "agent arguments");
        Agent agent = Agent.start(options, WindowsBackend.OF_THIS_NODE);
        // The standard output belongs to the host; with port=0, this line is the only place that shows the port.
        LOG.info("{}", agent.announcement());
        return new Started(agent);
    }

    /** For the entry class, which tells the outcome of a detach. */
    private record Started(Agent agent) implements AutoCloseable {
        @Override
        public void close() {
            agent.close();
            String remains = AgentLog.remains();
            if (remains != null) {
                throw new IllegalStateException(remains);
            }
        }

        @Override
        public String toString() {
            return agent.toString();
        }
    }
}
