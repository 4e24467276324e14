package io.github.csvbackup.agent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(name = "help", description = "Prints this help, or the help of a command.")
final class HelpCommand implements Callable<Integer> {
    private final CommandLine root;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "Command to explain")
    private String command = "";

    HelpCommand(CommandLine root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        CommandLine wanted = command.isEmpty() ? root : root.getSubcommands().get(command);
        if (wanted == null) {
            throw new ParameterException(root, Cli.unknownCommand(command, root.getCommandSpec()));
        }
        wanted.usage(root.getOut());
        return ExitCode.OK;
    }
}
