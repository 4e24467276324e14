package io.github.csvbackup.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program of Java printed, and how it ended.
 *
 * @param text also what it printed as errors
 */
record TrialRun(int exitCode, String text) {
    private static final Logger LOG = LoggerFactory.getLogger(TrialRun.class);
    private static final int LONGEST_OUTPUT = 100_000;

    /**
     * Runs the program. The output is a file, since a program that hangs, or one that it has started, would keep a pipe open.
     *
     * @throws ServiceException if it cannot be run, or runs longer
     */
    static TrialRun of(Path program, List<String> arguments, Duration longest) throws ServiceException, IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile("csv-backup-agent", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // The service does not have them, and they would print a line of their own.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ServiceException(program + " with " + String.join(" ", arguments)
                            + " does not end. Correct the options, or give another Java with --java.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServiceException("Interrupted while " + program + " was checked. Try again.");
            } finally {
                process.destroyForcibly();
            }
            try (InputStream in = Files.newInputStream(output)) {
                return new TrialRun(
                        process.exitValue(), new String(in.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8));
            }
        } finally {
            delete(output);
        }
    }

    private static void delete(Path output) {
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            LOG.debug("{} stays, since a program uses it", output, e);
        }
    }

    /** The first line that says something, without the full stop. */
    String firstLine() {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> line.endsWith(".") ? line.substring(0, line.length() - 1) : line)
                .orElse("it says nothing");
    }
}
