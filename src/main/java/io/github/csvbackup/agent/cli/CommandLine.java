package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.DurationText;
import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.security.Role;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads the command line and calls what it asks for. Results go to out; whatever is wrong goes to err, in a sentence. */
public final class CommandLine {
    /** As told. */
    static final int OK = 0;
    /** Asked for the right thing, and it failed. */
    static final int FAILURE = 1;
    /** Asked for something that cannot be meant. */
    static final int BAD_USAGE = 2;

    private static final String ORIGIN = "command line";

    private final OptionsParser parser;
    private final Commands commands;
    private final PrintStream out;
    private final PrintStream err;

    public CommandLine(OptionsParser parser, Commands commands, PrintStream out, PrintStream err) {
        this.parser = parser;
        this.commands = commands;
        this.out = out;
        this.err = err;
    }

    /** Does what the arguments ask for; the answer is the exit code. */
    public int execute(String... arguments) {
        try {
            return dispatch(parse(arguments));
        } catch (UsageException e) {
            err.println("csv-backup-agent: " + e.getMessage() + " See --help.");
            return BAD_USAGE;
        } catch (StartException e) {
            err.println("csv-backup-agent: " + e.getMessage());
            return FAILURE;
        }
    }

    private static ParseResult parse(String... arguments) throws UsageException {
        try {
            return CommandSpecs.commandLine().parseArgs(arguments);
        } catch (UnmatchedArgumentException e) {
            throw unmatched(e);
        } catch (ParameterException e) {
            String message = String.valueOf(e.getMessage());
            throw new UsageException(message.endsWith(".") ? message : message + ".", e);
        }
    }

    private static UsageException unmatched(UnmatchedArgumentException e) {
        String argument = e.getUnmatched().get(0);
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (command.parent() != null) {
            return new UsageException(
                    "'" + argument + "' is nothing that the command " + command.name() + " knows.", e);
        }
        if (argument.startsWith("-")) {
            String name = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
            int equals = name.indexOf('=');
            return Option.unknown(equals < 0 ? name : name.substring(0, equals), ORIGIN);
        }
        return new UsageException(
                "Unknown command '" + argument
                        + "'; there are demo, probe, audit, user, attach and detach, and options begin with --.",
                e);
    }

    private int dispatch(ParseResult parsed) throws StartException {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            if (!last.matchedOptions().isEmpty()) {
                throw new UsageException("Options before the command "
                        + last.subcommand().commandSpec().name() + " have no meaning; write them after it.");
            }
            last = last.subcommand();
        }
        if (last.isUsageHelpRequested()) {
            last.commandSpec().commandLine().usage(out, Ansi.OFF);
            return OK;
        }
        if (last.isVersionHelpRequested()) {
            out.println("csv-backup-agent " + Version.text());
            return OK;
        }
        return switch (last.commandSpec().name()) {
            case CommandSpecs.DEMO -> demo(last);
            case CommandSpecs.PROBE -> commands.probe(last.hasMatchedOption(CommandSpecs.JSON));
            case CommandSpecs.AUDIT -> audit(last);
            case CommandSpecs.USER -> user(last);
            case CommandSpecs.ATTACH -> attach(last);
            case CommandSpecs.DETACH -> commands.detach(pid(last));
            default -> commands.run(parser.parse(given(last), ORIGIN));
        };
    }

    private int demo(ParseResult parsed) throws StartException {
        String pace = parsed.matchedOptionValue(CommandSpecs.PACE, CommandSpecs.DEFAULT_PACE);
        Duration duration = DurationText.parse(pace)
                .filter(time -> time.compareTo(Duration.ofMinutes(1)) <= 0)
                .orElseThrow(() -> new UsageException(
                        CommandSpecs.PACE + "=" + pace + " is not allowed; allowed is a time from 0s to 1m."));
        String port = parsed.matchedOptionValue(CommandSpecs.PORT, "0");
        // The demonstration makes a state directory of its own, so an account without a home can play it.
        Options checked =
                parser.parse(Map.of(Option.PORT, port, Option.BACKEND, "simulated", Option.STATE_DIR, "."), ORIGIN);
        return commands.demo(checked.port(), duration, parsed.hasMatchedOption(CommandSpecs.EXIT));
    }

    private int audit(ParseResult parsed) throws StartException {
        Map<Option, String> given = new EnumMap<>(Option.class);
        String stateDir = parsed.matchedOptionValue(CommandSpecs.STATE_DIR, "");
        if (!stateDir.isEmpty()) {
            given.put(Option.STATE_DIR, stateDir);
        }
        // A backend must be given for the options to be whole; the record does not depend on it.
        given.put(Option.BACKEND, "simulated");
        Path folder = parser.parse(given, ORIGIN).stateDir();
        String expect = parsed.matchedOptionValue(CommandSpecs.EXPECT, "");
        if (!parsed.hasMatchedOption(CommandSpecs.VERIFY)) {
            if (!expect.isEmpty()) {
                throw new UsageException(
                        CommandSpecs.EXPECT + " compares while the audit is checked; add " + CommandSpecs.VERIFY + ".");
            }
            return commands.audit(folder);
        }
        return commands.verifyAudit(folder, expect.isEmpty() ? null : mark(expect));
    }

    private static Mark mark(String text) throws UsageException {
        return Mark.parse(text)
                .orElseThrow(
                        () -> new UsageException(
                                CommandSpecs.EXPECT + "=" + text
                                        + " is not allowed; allowed is the number of a line, a colon and its hash, 64 hexadecimal digits in lower case."));
    }

    private int user(ParseResult parsed) throws StartException {
        String role = parsed.matchedPositionalValue(1, "");
        Role known = Role.of(role)
                .orElseThrow(() -> new UsageException("'" + role + "' is no role; a user is a reader or an operator."));
        return commands.user(parsed.matchedPositionalValue(0, ""), known, passwordFile(parsed));
    }

    private static @Nullable Path passwordFile(ParseResult parsed) throws UsageException {
        String file = parsed.matchedOptionValue(CommandSpecs.PASSWORD_FILE, null);
        if (file == null) {
            return null;
        }
        try {
            return Path.of(file).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException(
                    CommandSpecs.PASSWORD_FILE + "=" + file + " is not a path on this system: " + e.getReason() + ".",
                    e);
        }
    }

    private int attach(ParseResult parsed) throws StartException {
        String pid = pid(parsed);
        String arguments = parsed.matchedPositionalValue(1, "");
        // Names only: what the values mean is for the other process, its environment and its folder.
        OptionsParser.splitAgentArguments(arguments);
        return commands.attach(pid, arguments);
    }

    private static String pid(ParseResult parsed) throws UsageException {
        String pid = parsed.matchedPositionalValue(0, "");
        if (pid.isEmpty()) {
            throw new UsageException(parsed.commandSpec().name()
                    + " needs the process id of a running JVM, as jps or the Task Manager shows it.");
        }
        if (!pid.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new UsageException(
                    "'" + pid + "' is not a process id; it is a number, as jps or the Task Manager shows it.");
        }
        return pid;
    }

    private static Map<Option, String> given(ParseResult parsed) {
        Map<Option, String> given = new EnumMap<>(Option.class);
        List<OptionSpec> matched = parsed.matchedOptions();
        for (OptionSpec spec : matched) {
            String value = spec.getValue();
            Option.of(spec.longestName().substring(2)).ifPresent(option -> given.put(option, value));
        }
        return given;
    }
}
