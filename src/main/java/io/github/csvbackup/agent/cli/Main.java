package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.OptionsParser;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The jar on its own: what the entry class calls on the isolated side. */
public final class Main {
    private Main() {}

    /** Does what the command line asks for, and blocks until that is done; the answer is the exit code. */
    public static int main(String[] arguments, @Nullable Instrumentation instrumentation) {
        Commands commands = new StandaloneCommands(WindowsBackend.OF_THIS_NODE, instrumentation, System.out);
        return new CommandLine(OptionsParser.ofThisMachine(), commands, System.out, System.err).execute(arguments);
    }
}
