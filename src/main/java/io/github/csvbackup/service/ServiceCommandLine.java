package io.github.csvbackup.service;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line that the service manager starts. All options of the agent are in it, so that {@code sc qc CsvBackupAgent} shows them, and so that a
 * second installation replaces all of them.
 *
 * @param java the program
 * @param javaOptions the options of the JVM
 * @param jar the agent's jar
 * @param options the options of the agent, such as {@code --port=8778}
 */
public record ServiceCommandLine(Path java, List<String> javaOptions, Path jar, List<String> options) {
    /** The agent's command that the service manager runs. */
    private static final List<String> COMMAND = List.of("service", "run");

    private static final String JAR = "-jar";

    /**
     * The options of the JVM: those given, and the usual ones that they do not replace. {@code -Xrs}: otherwise the JVM would end when a user logs off.
     *
     * @param errorFile where the JVM writes why it crashed; the default is Windows' system folder
     */
    public static List<String> javaOptions(List<String> given, Path errorFile) {
        List<String> options = new ArrayList<>(List.of("-Xrs"));
        if (given.stream()
                .noneMatch(option -> option.startsWith("-Xmx")
                        || option.startsWith("-XX:MaxHeapSize=")
                        || option.startsWith("-XX:MaxRAMPercentage="))) {
            options.add("-Xmx128m");
        }
        // The service manager then restarts the service.
        options.add("-XX:+ExitOnOutOfMemoryError");
        if (given.stream().noneMatch(option -> option.startsWith("-XX:ErrorFile="))) {
            options.add("-XX:ErrorFile=" + errorFile);
        }
        options.removeAll(given);
        options.addAll(given);
        return List.copyOf(options);
    }

    /**
     * The text for the service manager.
     *
     * @throws ServiceException if an argument would not arrive unchanged
     */
    public String text() throws ServiceException {
        List<String> arguments = new ArrayList<>(List.of(java.toString()));
        arguments.addAll(javaOptions);
        arguments.addAll(List.of(JAR, jar.toString()));
        arguments.addAll(COMMAND);
        arguments.addAll(options);
        for (String argument : arguments) {
            requireKept(argument);
        }
        // The program in quotation marks, even if it needs none: Windows would otherwise try C:\Program.exe first.
        return "\"" + java + "\" " + WindowsArguments.join(arguments.subList(1, arguments.size()));
    }

    private static void requireKept(String argument) throws ServiceException {
        if (argument.indexOf('%') >= 0) {
            throw new ServiceException(
                    "'" + argument + "' contains a percent sign, and Windows replaces %NAME% in the command"
                            + " line of a service. Use a path or value without it, or put the option into an options file"
                            + " (--config=FILE).");
        }
        if (argument.chars().anyMatch(c -> c < ' ')) {
            throw new ServiceException("An argument of the service contains a control character. Remove it: '"
                    + argument.replaceAll("\\p{Cntrl}", "?") + "'.");
        }
    }

    /** Whether a service with this command line is the agent's. */
    public static boolean isAgent(String text) {
        return commandAt(WindowsArguments.split(text)) >= 0;
    }

    /** The options of the agent in a command line of its service; empty if it is another one. */
    public static List<String> optionsIn(String text) {
        List<String> arguments = WindowsArguments.split(text);
        int at = commandAt(arguments);
        return at < 0 ? List.of() : List.copyOf(arguments.subList(at + COMMAND.size(), arguments.size()));
    }

    /** The jar in a command line of the agent's service; empty if it is another one. */
    public static Optional<Path> jarIn(String text) {
        List<String> arguments = WindowsArguments.split(text);
        int at = commandAt(arguments);
        try {
            return at < 0 ? Optional.empty() : Optional.of(Path.of(arguments.get(at - 1)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The folder of the Java in a command line of the agent's service; empty if it is another one. */
    public static Optional<Path> javaHomeIn(String text) {
        List<String> arguments = WindowsArguments.split(text);
        try {
            return commandAt(arguments) < 0
                    ? Optional.empty()
                    : Optional.of(Path.of(arguments.get(0)))
                            .map(Path::getParent)
                            .map(Path::getParent);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Where {@code service run} begins, after the first jar; -1 if there is none. */
    private static int commandAt(List<String> arguments) {
        int jar = arguments.indexOf(JAR);
        int at = jar + 2;
        return jar > 0
                        && at + COMMAND.size() <= arguments.size()
                        && arguments.subList(at, at + COMMAND.size()).equals(COMMAND)
                ? at
                : -1;
    }
}
