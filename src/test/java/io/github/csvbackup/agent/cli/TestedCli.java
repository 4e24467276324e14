package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
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
    private static final WindowsBackend NO_CLUSTER = () -> {
        throw ClusterException.win32("OpenClusterEx", 1753);
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandContext context;

    TestedCli() {
        this(Map.of(), new byte[0]);
    }

    TestedCli(Map<String, String> environment, byte[] in) {
        this(linux(environment), NO_CLUSTER, in, new WindowsServiceSystem());
    }

    TestedCli(ServiceSystem services) {
        this(linux(Map.of()), NO_CLUSTER, new byte[0], services);
    }

    /** The same with the options of Windows. */
    TestedCli(WindowsBackend windows, ServiceSystem services) {
        this(windows(Map.of()), windows, new byte[0], services);
    }

    /** A console of Windows with these variables. */
    TestedCli(Map<String, String> environment, ServiceSystem services) {
        this(windows(environment), NO_CLUSTER, new byte[0], services);
    }

    private static OptionsParser windows(Map<String, String> environment) {
        return new OptionsParser(environment, "Windows Server 2022", Path.of("/home/ann"));
    }

    private static OptionsParser linux(Map<String, String> environment) {
        return new OptionsParser(environment, "Linux", Path.of("/home/ann"));
    }

    private TestedCli(OptionsParser options, WindowsBackend windows, byte[] in, ServiceSystem services) {
        this.context = new CommandContext(
                options, windows, () -> null, services, new ByteArrayInputStream(in), print(out), print(err), () -> {});
    }

    CommandContext context() {
        return context;
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
