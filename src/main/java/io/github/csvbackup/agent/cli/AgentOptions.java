package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Option;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of the agent on the command line of a command. They come from {@link Option}, as everywhere else. */
final class AgentOptions {
    /** What fits beside the names of the options in 80 columns. */
    private static final Pattern LINE = Pattern.compile("(.{1,51})(?: |$)");

    private AgentOptions() {}

    static void addTo(CommandSpec spec) {
        for (Option option : Option.values()) {
            spec.addOption(OptionSpec.builder("--" + option.key())
                    .type(String.class)
                    .arity("1")
                    .paramLabel(option.valueLabel())
                    .description(description(option))
                    .build());
        }
    }

    /** One element a line, because picocli would also break names at their hyphens. It formats each, so a percent sign is doubled. */
    private static String[] description(Option option) {
        String text = Character.toUpperCase(option.description().charAt(0))
                + option.description().substring(1)
                + (option.defaultValue().isEmpty() ? "" : " (default: " + option.defaultValue() + ")");
        return LINE.matcher(text)
                .results()
                .map(line -> line.group(1).replace("%", "%%"))
                .toArray(String[]::new);
    }

    /** The options that the user gave. */
    static Map<Option, String> given(CommandSpec spec) {
        Map<Option, String> given = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            String value = spec.findOption(option.key()).getValue();
            if (value != null) {
                given.put(option, value);
            }
        }
        return given;
    }
}
