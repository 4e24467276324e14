package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.OptionsParser;
import java.io.PrintStream;

/** The jar on its own: what the entry class calls on the isolated side. */
public final class Main {
    private Main() {}

    /** Does what the command line asks for, and blocks until that is done; the answer is the exit code. */
    public static int run(String[] arguments) {
        PrintStream out = ConsoleStream.out();
        Commands commands = new StandaloneCommands(WindowsBackend.OF_THIS_NODE, out);
        return new CommandLine(OptionsParser.ofThisMachine(), commands, out, ConsoleStream.err()).execute(arguments);
    }
}
