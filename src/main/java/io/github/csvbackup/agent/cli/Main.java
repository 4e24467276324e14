package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.OptionsParser;

/** The jar on its own: what the entry class calls on the isolated side. */
public final class Main {
    private Main() {}

    /** Does what the command line asks for, and blocks until that is done; the answer is the exit code. */
    public static int run(String[] arguments) {
        Commands commands = new StandaloneCommands(WindowsBackend.OF_THIS_NODE, System.out);
        return new CommandLine(OptionsParser.ofThisMachine(), commands, System.out, System.err).execute(arguments);
    }
}
