package io.github.csvbackup.agent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
    private final CommandLine root;

    VersionCommand(CommandLine root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        root.printVersionHelp(root.getOut());
        return ExitCode.OK;
    }
}
