package io.github.csvbackup.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java that can run the service.
 *
 * @param home its folder
 * @param version such as {@code 17.0.9}
 */
public record JavaRuntime(Path home, String version) {
    private static final int OLDEST = 17;
    private static final long PATIENCE_SECONDS = 60;
    private static final int LONGEST_OUTPUT = 100_000;

    /** Options that start something in the JVM, also before it prints its version. */
    private static final List<String> AGENTS =
            List.of("-Dcom.sun.management", "-javaagent:", "-agentlib:", "-agentpath:");

    /** The program that Windows starts. javaw.exe would show its errors in a dialog that no user of a server sees. */
    public Path program() {
        return program(home);
    }

    private static Path program(Path home) {
        return home.resolve("bin").resolve("java.exe");
    }

    /**
     * The program of the Java in a folder, which is not run.
     *
     * @throws ServiceException if there is none
     */
    public static Path programIn(Path home) throws ServiceException {
        Path program = program(home);
        if (!Files.isRegularFile(program)) {
            throw new ServiceException("There is no Java in " + home + ": " + program
                    + " does not exist. Give the folder of a 64-bit Java " + OLDEST + " or newer with --java.");
        }
        return program;
    }

    /**
     * The folder itself of a Java, without symbolic links, which others might change.
     *
     * @throws ServiceException if the folder has no Java, or the program of the Java is a link
     */
    public static Path realHome(Path home) throws ServiceException {
        programIn(home);
        try {
            Path real = home.toRealPath();
            Path program = programIn(real);
            if (!program.toRealPath().equals(program)) {
                throw new ServiceException("The Java " + program
                        + " is a link. Give the folder of a Java that holds its programs itself with --java.");
            }
            return real;
        } catch (IOException e) {
            throw new ServiceException(
                    "The Java in " + home + " cannot be found: " + e + ". Give another one with --java.");
        }
    }

    /**
     * Runs the Java in a folder to find out what it is.
     *
     * @throws ServiceException if there is none, or if it is too old or made for 32 bits
     */
    public static JavaRuntime of(Path home) throws ServiceException {
        programIn(home);
        Answer answer = run(home, List.of("-XshowSettings:properties", "-version"));
        String version = property(answer.text(), "java.version");
        if (version.isEmpty()) {
            throw new ServiceException("The Java in " + home + " does not run (exit code " + answer.exitCode() + "): "
                    + firstLine(answer.text()) + ". Give another one with --java.");
        }
        if (major(version) < OLDEST) {
            throw new ServiceException("The Java in " + home + " is version " + version
                    + ". The agent needs a 64-bit Java " + OLDEST + " or newer; give one with --java.");
        }
        String bits = property(answer.text(), "sun.arch.data.model");
        if (!bits.equals("64")) {
            throw new ServiceException("The Java in " + home + " is a " + bits
                    + "-bit Java. The agent needs a 64-bit Java " + OLDEST + " or newer; give one with --java.");
        }
        return new JavaRuntime(home, version);
    }

    /**
     * Fails unless this Java starts with these options. It is not asked about remote JMX and agents, which would start in it: their files may belong to
     * the account of the service alone, and the running service may hold their port.
     *
     * @throws ServiceException with the JVM's own message
     */
    public void requireAccepted(List<String> options) throws ServiceException {
        List<String> asked = options.stream()
                .filter(option -> AGENTS.stream().noneMatch(option::startsWith))
                .toList();
        List<String> arguments = new ArrayList<>(asked);
        arguments.add("-version");
        Answer answer = run(home, arguments);
        if (answer.exitCode() != 0) {
            throw new ServiceException("The Java in " + home + " does not start with the options "
                    + String.join(" ", asked) + ": " + firstLine(answer.text())
                    + ". Correct them with --java-option.");
        }
    }

    private record Answer(int exitCode, String text) {}

    private static Answer run(Path home, List<String> arguments) throws ServiceException {
        List<String> command = new ArrayList<>(List.of(program(home).toString()));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // The service does not have them, and they would print a line of their own.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            Process process = builder.start();
            process.getOutputStream().close();
            String text;
            try (InputStream output = process.getInputStream()) {
                text = new String(output.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ServiceException("The Java in " + home + " does not end. Give another one with --java.");
            }
            return new Answer(process.exitValue(), text);
        } catch (IOException e) {
            throw new ServiceException(
                    "The Java in " + home + " cannot be run: " + e.getMessage() + ". Give another one with --java.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException("Interrupted while the Java in " + home + " was checked. Try again.");
        }
    }

    private static String property(String settings, String name) {
        Matcher line =
                Pattern.compile("(?m)^\\s*" + Pattern.quote(name) + " = (\\S+)").matcher(settings);
        return line.find() ? line.group(1) : "";
    }

    /** 8 for 1.8.0_392. */
    private static int major(String version) {
        Matcher number = Pattern.compile("(?:1\\.)?([0-9]{1,4}).*").matcher(version);
        return number.matches() ? Integer.parseInt(number.group(1)) : 0;
    }

    private static String firstLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> line.endsWith(".") ? line.substring(0, line.length() - 1) : line)
                .orElse("it says nothing");
    }
}
