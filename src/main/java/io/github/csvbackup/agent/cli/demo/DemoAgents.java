package io.github.csvbackup.agent.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The agents of a story with several nodes. The first holds the simulated cluster. */
public interface DemoAgents {
    /** The nodes' names. The other methods take an index of this list. */
    List<String> names();

    /** The address of an agent for this machine, with a slash at the end. It is another one after each start. */
    URI url(int index);

    /** The file of the operator's token of an agent. */
    Path tokenFile(int index);

    /** Stops an agent and waits for its end. */
    void stop(int index);

    /** Starts an agent that was stopped and waits until it listens. */
    void startAgain(int index) throws IOException;
}
