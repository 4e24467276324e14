package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.log.StderrServiceProvider;
import io.github.csvbackup.agent.options.OptionsParser;

/** {@code java -jar}: the entry class calls this on the isolated side. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name, blocks until it ends, and returns the exit code. */
    public static int run(String[] arguments) {
        CommandContext context = new CommandContext(
                OptionsParser.ofThisMachine(),
                WindowsBackend.OF_THIS_NODE,
                System::console,
                new WindowsServiceSystem(),
                System.in,
                ConsoleStream.out(),
                ConsoleStream.err(),
                StderrServiceProvider::onlyErrors);
        return Cli.execute(context, arguments);
    }
}
