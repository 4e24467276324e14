package io.github.csvbackup.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host that runs in a JVM of its own. */
final class Jvm implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final String ERRORS = "stderr.txt";

    private final Process process;
    private final Door door;
    private final Path folder;
    private final BufferedReader answers;
    private final Writer questions;
    private final long mainAfterNanos;

    private Jvm(Process process, Door door, Path folder, long startedNanos) throws IOException {
        this.process = process;
        this.door = door;
        this.folder = folder;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.mainAfterNanos = Long.parseLong(answer()) - startedNanos;
    }

    /** Starts a host and waits until its main has begun. */
    static Jvm start(List<String> command, Door door, Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(folder.resolve(ERRORS).toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        long started = System.nanoTime();
        Process process = builder.start();
        try {
            return new Jvm(process, door, folder, started);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** From the start of the process to the first statement of main. */
    double mainAfterMillis() {
        return mainAfterNanos / 1e6;
    }

    Door door() {
        return door;
    }

    /** The same as the operator. */
    Door operatorsDoor() throws IOException {
        Path token = folder.resolve("state").resolve("operator.token");
        return door.secured(null, "Bearer " + Files.readString(token).strip());
    }

    Usage usage() {
        return new Usage(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String errors() throws IOException {
        return Files.readString(folder.resolve(ERRORS));
    }

    /** Asks the host's program; the words must not contain tabs. */
    String ask(String... words) throws IOException {
        questions.write(String.join("\t", words) + "\n");
        questions.flush();
        return answer();
    }

    long number(String... words) throws IOException {
        return Long.parseLong(ask(words));
    }

    /** An attribute of our agent's MBean. */
    long attribute(String name) throws IOException {
        return number("get", Lab.BEAN, name);
    }

    /** What agents print on the stdout of their host is skipped. */
    private String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("> ")) {
                return line.substring(2);
            }
        }
        throw new IOException("the host has ended; its stderr: " + errors());
    }

    /** Waits until it has ended by itself. */
    void await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the host did not exit by itself");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
