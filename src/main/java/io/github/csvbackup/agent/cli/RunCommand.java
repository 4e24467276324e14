package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import java.io.PrintStream;

/** The command line without a command: runs the agent until the process is ended. */
final class RunCommand {
    private RunCommand() {}

    static int run(Options options, WindowsBackend windows, PrintStream out) throws StartException {
        Agent agent = Agent.start(options, windows);
        out.println(agent.announcement());
        OrderlyEnd.onShutdown(agent::close);
        return OrderlyEnd.await();
    }
}
