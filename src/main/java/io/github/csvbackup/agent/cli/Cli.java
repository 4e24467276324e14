package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Suggestion;
import io.github.csvbackup.agent.options.UsageException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the command that the arguments name. Every error is one message on err. */
final class Cli {
    private Cli() {}

    /** Blocks until the command ends, and returns the exit code: 0 for success, 1 for failure, 2 for wrong arguments. */
    static int execute(CommandContext context, String... arguments) {
        try {
            return run(commandLine(context).parseArgs(arguments));
        } catch (ParameterException e) {
            return refuse(message(e), e.getCommandLine(), context.err());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UsageException usage) {
                return refuse(String.valueOf(usage.getMessage()), e.getCommandLine(), context.err());
            }
            if (e.getCause() instanceof StartException failure) {
                context.err().println("csv-backup-agent: " + failure.getMessage());
                return ExitCode.SOFTWARE;
            }
            // The entry class knows what to say about a missing right or module.
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    static CommandLine commandLine(CommandContext context) {
        CommandLine root = new CommandLine(RunCommand.spec(context));
        root.addSubcommand(new DemoCommand(context));
        root.addSubcommand(DemoNodeCommand.spec(context));
        root.addSubcommand(new ProbeCommand(context.out()));
        root.addSubcommand(new PeersCommand(context));
        root.addSubcommand(new AuditCommand(context));
        root.addSubcommand(new UserCommand(context));
        root.addSubcommand(CertificatesCommand.commandLine(context));
        root.addSubcommand(ServiceCommand.commandLine(context));
        root.addSubcommand(new AttachCommand(context.out()));
        root.addSubcommand(new DetachCommand(context.out()));
        root.addSubcommand(new HelpCommand(root));
        root.addSubcommand(new VersionCommand(root));
        // Windows paths contain characters that picocli would interpret: do not expand, trim or unescape anything.
        return root.setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                // Only for help and version, which are ASCII.
                .setOut(new PrintWriter(context.out(), true, StandardCharsets.US_ASCII));
    }

    private static int run(ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty() && !helpRequested(parsed)) {
            // Otherwise they would be ignored silently.
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "Options before the command "
                            + parsed.subcommand().commandSpec().name() + " have no effect; write them after it.");
        }
        return new RunLast().execute(parsed);
    }

    private static boolean helpRequested(ParseResult parsed) {
        return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    }

    private static int refuse(String message, CommandLine command, PrintStream err) {
        err.println("csv-backup-agent: " + message + " Run: "
                + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            CommandSpec command = unmatched.getCommandLine().getCommandSpec();
            return command.findOption(argument) != null || command.subcommands().containsKey(argument)
                    ? "'" + argument + "' has no meaning after '--'; leave out the '--'."
                    : unknown(argument, command);
        }
        if (e instanceof OverwrittenOptionException overwritten
                && overwritten.getOverwritten() instanceof OptionSpec option) {
            return "Option '" + option.longestName() + "' is given twice; keep one of them.";
        }
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    }

    private static String unknown(String argument, CommandSpec command) {
        if (command.name().equals(AttachCommand.NAME)) {
            return AttachCommand.hint(argument);
        }
        String place = command.parent() == null ? "" : " for command " + command.name();
        if (argument.startsWith("-")) {
            return unknownOption(argument.split("=", 2)[0], place, command);
        }
        return !command.subcommands().isEmpty()
                ? unknownCommand(argument, command)
                : "Unknown argument '" + argument + "'" + place + ".";
    }

    private static String unknownOption(String option, String place, CommandSpec command) {
        List<String> names = command.options().stream()
                .map(known -> known.longestName().substring(2))
                .toList();
        return "Unknown option '" + option + "'" + place + "; "
                + Suggestion.of("--", option.replaceFirst("^-+", ""), names);
    }

    private static List<String> offered(CommandSpec root) {
        return root.subcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The message for a command that the root command does not have. */
    static String unknownCommand(String name, CommandSpec root) {
        String option = "--" + name.split("=", 2)[0];
        if (name.contains("=") && root.findOption(option) != null) {
            return "Unknown command '" + name + "'; did you mean '--" + name + "'?";
        }
        return "Unknown command '" + name + "'; " + Suggestion.of("", name, offered(root));
    }
}
