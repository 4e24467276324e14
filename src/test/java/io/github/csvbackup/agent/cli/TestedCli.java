package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** The command line on Linux, of the user ann, without a terminal and without a Windows cluster. */
final class TestedCli {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandContext context;

    TestedCli() {
        this(Map.of(), new byte[0]);
    }

    TestedCli(Map<String, String> environment, byte[] in) {
        this(environment, in, new WindowsServiceSystem());
    }

    TestedCli(ServiceSystem services) {
        this(Map.of(), new byte[0], services);
    }

    private TestedCli(Map<String, String> environment, byte[] in, ServiceSystem services) {
        this.context = new CommandContext(
                new OptionsParser(environment, "Linux", Path.of("/home/ann")),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                },
                () -> null,
                services,
                new ByteArrayInputStream(in),
                print(out),
                print(err),
                () -> {});
    }

    int execute(String... arguments) {
        out.reset();
        err.reset();
        return Cli.execute(context, arguments);
    }

    CommandLine parse(String... arguments) {
        CommandLine line = Cli.commandLine(context);
        line.parseArgs(arguments);
        return line;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
