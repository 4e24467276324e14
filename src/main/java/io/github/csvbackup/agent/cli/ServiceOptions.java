package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.Option;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
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
     * and the folder of the log are always written down, so that they do not depend on the account. A service has no console, so its events go to the
     * Windows event log, unless the user decided otherwise.
     */
    static ServiceOptions forService(Map<Option, String> given, Path stateDir) throws UsageException {
        Map<Option, String> values = new EnumMap<>(Option.class);
        for (Map.Entry<Option, String> option : given.entrySet()) {
            values.put(option.getKey(), absolute(option.getKey(), option.getValue()));
        }
        values.put(Option.STATE_DIR, stateDir.toString());
        values.putIfAbsent(Option.LOG_DIR, stateDir.resolve("logs").toString());
        values.putIfAbsent(Option.EVENT_LOG, "true");
        return new ServiceOptions(values);
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

    /** Where a start that failed is reported; also if other arguments are not valid. {@code service install} always writes these two down. */
    static LogOptions logIn(List<String> arguments) {
        Path directory = null;
        try {
            directory = valueIn(arguments, Option.LOG_DIR)
                    .filter(text -> !text.isEmpty())
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .orElse(null);
        } catch (InvalidPathException e) {
            LOG.debug("There is no such directory for the log", e);
        }
        boolean events = !valueIn(arguments, Option.EVENT_LOG).orElse("true").equals("false");
        return new LogOptions(directory, Level.INFO, events);
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
