package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.LocalTime;
import io.github.csvbackup.agent.options.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One agent of the demo with several: it runs until its standard input ends. Not for users. */
@Command(name = DemoNodeCommand.NAME, hidden = true)
final class DemoNodeCommand implements Callable<Integer> {
    static final String NAME = "demo-node";

    private final CommandContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DemoNodeCommand(CommandContext context) {
        this.context = context;
    }

    static CommandSpec spec(CommandContext context) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new DemoNodeCommand(context));
        AgentOptions.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() throws StartException {
        Agent agent = Agent.start(
                context.options().parse(AgentOptions.given(spec), RunCommand.ORIGIN),
                context.windows(),
                LocalTime.OF_THIS_JVM);
        OrderlyEnd end = OrderlyEnd.onShutdown(agent::close);
        context.out().println(agent.announcement());
        awaitEnd(context.in());
        end.run();
        return ExitCode.OK;
    }

    private static void awaitEnd(InputStream in) {
        try {
            while (in.read() >= 0) {
                // Nothing is sent.
            }
        } catch (IOException e) {
            // The other side is gone, too.
        }
    }
}
