package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.service.ServiceCommandLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The agent's options in the command line of the service. */
record ServiceOptions(Map<Option, String> values) {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceOptions.class);

    /** Where messages say that an option comes from. */
    static final String ORIGIN = "the service's command line";

    /**
     * What the service gets: the options that the user gave, with absolute paths, since a service starts in Windows' system folder. The state directory
     * is always written down, so that it does not depend on the account. A service has no console, so it has a log directory, and its events go to the
     * Windows event log, unless the user decided otherwise, here or in the options file, which the command line would override.
     */
    static ServiceOptions forService(Map<Option, String> given, OptionsParser parser, Path stateDir)
            throws UsageException {
        Map<Option, String> defaults =
                new EnumMap<>(Map.of(Option.LOG_DIR, defaultLogDir(stateDir).toString(), Option.EVENT_LOG, "true"));
        defaults.keySet().removeAll(parser.inFile(given, RunCommand.ORIGIN).keySet());
        Map<Option, String> values = new EnumMap<>(Option.class);
        for (Map.Entry<Option, String> option : given.entrySet()) {
            values.put(option.getKey(), absolute(option.getKey(), option.getValue()));
        }
        values.put(Option.STATE_DIR, stateDir.toString());
        defaults.forEach(values::putIfAbsent);
        return new ServiceOptions(values);
    }

    private static Path defaultLogDir(Path stateDir) {
        return stateDir.resolve("logs");
    }

    private static String absolute(Option option, String value) throws UsageException {
        boolean isPath =
                option.valueLabel().equals("FILE") || option.valueLabel().equals("DIR");
        return isPath && !value.isEmpty()
                ? new GivenValue("--" + option.key(), value).path().toString()
                : value;
    }

    /** As arguments. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        values.forEach((option, value) -> arguments.add("--" + option.key() + "=" + value));
        return arguments;
    }

    /** The options of an installed service; none if they are not valid. */
    static ServiceOptions of(String commandLine) {
        List<String> arguments = ServiceCommandLine.optionsIn(commandLine);
        try {
            return parse(arguments);
        } catch (UsageException e) {
            return new ServiceOptions(stateDirIn(arguments)
                    .map(dir -> Map.of(Option.STATE_DIR, dir))
                    .orElse(Map.of()));
        }
    }

    static ServiceOptions parse(List<String> arguments) throws UsageException {
        CommandSpec spec = CommandSpec.create();
        AgentOptions.addTo(spec);
        try {
            new CommandLine(spec)
                    .setExpandAtFiles(false)
                    .setTrimQuotes(false)
                    .parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new UsageException(e.getMessage() + " (" + ORIGIN + ").", e);
        }
        return new ServiceOptions(AgentOptions.given(spec));
    }

    /** Also if other arguments are not valid. */
    static Optional<String> stateDirIn(List<String> arguments) {
        return valueIn(arguments, Option.STATE_DIR);
    }

    /** Whether a start that failed is reported to the Windows event log; also if other arguments are not valid. May read the options file. */
    static boolean eventsIn(List<String> arguments, OptionsParser parser) {
        return !valueIn(arguments, Option.EVENT_LOG)
                .or(() -> valueInFile(arguments, parser, Option.EVENT_LOG))
                .orElse("true")
                .equals("false");
    }

    /** The folder of the log file for a start that failed, as {@link #eventsIn}; null if the user wants none. */
    static @Nullable Path logDirIn(List<String> arguments, OptionsParser parser) {
        try {
            return valueIn(arguments, Option.LOG_DIR)
                    .or(() -> valueInFile(arguments, parser, Option.LOG_DIR))
                    // The options file that says it may be what cannot be read.
                    .or(() -> valueIn(arguments, Option.CONFIG)
                            .flatMap(file -> stateDirIn(arguments))
                            .map(Path::of)
                            .map(ServiceOptions::defaultLogDir)
                            .map(Path::toString))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .orElse(null);
        } catch (InvalidPathException e) {
            LOG.debug("The directory of the log is not a valid path", e);
            return null;
        }
    }

    private static Optional<String> valueInFile(List<String> arguments, OptionsParser parser, Option option) {
        Map<Option, String> config = valueIn(arguments, Option.CONFIG)
                .map(file -> Map.of(Option.CONFIG, file))
                .orElse(Map.of());
        try {
            return Optional.ofNullable(parser.inFile(config, ORIGIN).get(option));
        } catch (UsageException e) {
            LOG.debug("The options file does not say where a failed start is reported", e);
            return Optional.empty();
        }
    }

    private static Optional<String> valueIn(List<String> arguments, Option option) {
        String start = "--" + option.key().toLowerCase(Locale.ROOT) + "=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(start))
                .map(argument -> argument.substring(start.length()))
                .findFirst();
    }

    /** The state directory; {@code service install} always writes it down. */
    String stateDir() {
        return values.getOrDefault(Option.STATE_DIR, "");
    }
}
