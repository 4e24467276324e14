package io.github.csvbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java that can run the service.
 *
 * @param home its folder
 * @param version of its build, such as {@code 17.0.9+9}
 */
public record JavaRuntime(Path home, String version) {
    private static final int OLDEST = 17;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Options that start something else in the JVM, such as a debugger. */
    private static final List<String> AGENTS =
            List.of("-Dcom.sun.management", "-javaagent:", "-agentlib:", "-agentpath:", "-Xrun");

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
        TrialRun answer = run(home, List.of("-XshowSettings:properties", "-version"), LONGEST);
        // Not java.version, which another build of the same version has, too.
        String version = property(answer.text(), "java.runtime.version");
        if (version.isEmpty()) {
            throw new ServiceException("The Java in " + home + " does not run (exit code " + answer.exitCode() + "): "
                    + answer.firstLine() + ". Give another one with --java.");
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
     * Fails unless this Java runs the agent's jar with these options. It is not asked about remote JMX and agents, which would start in it: their files may
     * belong to the account of the service alone, and the running service may hold their port.
     *
     * @throws ServiceException with the JVM's own message
     */
    public void requireAccepted(List<String> options, Path jar) throws ServiceException {
        requireAccepted(options, jar, LONGEST);
    }

    void requireAccepted(List<String> options, Path jar, Duration longest) throws ServiceException {
        List<String> asked = options.stream()
                .filter(option -> AGENTS.stream().noneMatch(option::startsWith))
                .toList();
        List<String> arguments = new ArrayList<>(asked);
        arguments.addAll(List.of("-jar", jar.toString(), "version"));
        TrialRun run = run(home, arguments, longest);
        boolean isAgent = run.text().lines().anyMatch(line -> line.startsWith("csv-backup-agent "));
        if (run.exitCode() != 0 || !isAgent) {
            throw new ServiceException("The Java in " + home
                    + (run.exitCode() != 0 ? " does not start" : " does not run the agent") + " with the options "
                    + String.join(" ", asked) + ": " + run.firstLine() + ". Correct them with --java-option.");
        }
    }

    private static TrialRun run(Path home, List<String> arguments, Duration longest) throws ServiceException {
        try {
            return TrialRun.of(program(home), arguments, longest);
        } catch (IOException e) {
            throw new ServiceException(
                    "The Java in " + home + " cannot be run: " + e.getMessage() + ". Give another one with --java.");
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
}
