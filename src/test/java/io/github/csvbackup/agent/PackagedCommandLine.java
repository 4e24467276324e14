package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line of the packaged jar. */
final class PackagedCommandLine {
    private PackagedCommandLine() {}

    /** Runs {@code java OPTIONS -jar} with the arguments; returns its output, and a last line with the exit code. */
    static String run(Path jdk, List<String> options, List<String> arguments) throws IOException, InterruptedException {
        return run(jdk, PackagedJar.path(), options, arguments);
    }

    /** The same with a copy of the jar. */
    static String run(Path jdk, Path jar, List<String> options, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), Jit.FIRST_COMPILER));
        command.addAll(options);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        Path output = Files.createTempFile("csv-backup-agent", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s exits", arguments)
                    .isTrue();
            return Files.readString(output) + "exit code " + process.exitValue();
        } finally {
            Files.delete(output);
        }
    }
}
