package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A child JVM that runs {@link HostProgram}. Each wait has a timeout of a minute. */
final class Host implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Path jdk;
    private final Process process;
    private final Path errors;
    private final BufferedReader answers;
    private final Writer questions;

    private Host(Path jdk, Process process, Path errors) {
        this.jdk = jdk;
        this.process = process;
        this.errors = errors;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** With these JVM options and arguments; {@code libraries} are added to the class path. */
    static Host start(Path jdk, Path scratch, List<String> options, List<Path> libraries, String... args)
            throws IOException {
        return startBy(List.of(), jdk, scratch, options, libraries, args);
    }

    /**
     * The same through another program.
     *
     * @param launcher the program, which must replace itself; the command is added to it
     */
    static Host startBy(
            List<String> launcher, Path jdk, Path scratch, List<String> options, List<Path> libraries, String... args)
            throws IOException {
        List<String> classPath = new ArrayList<>(List.of(hostClasses(scratch).toString()));
        libraries.forEach(library -> classPath.add(library.toString()));
        List<String> command = new ArrayList<>(launcher);
        command.add(jdk.resolve("bin/java").toString());
        command.add(Jit.of(options));
        command.addAll(options);
        command.addAll(List.of("-XX:SoftRefLRUPolicyMSPerMB=0", "-cp", String.join(File.pathSeparator, classPath)));
        command.add(HostProgram.class.getName());
        command.addAll(List.of(args));
        Path errors = Files.createTempFile(scratch, "stderr", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        // Not UTC, so that an agent that follows the host's time zone shows.
        builder.environment().put("TZ", "Asia/Kolkata");
        return new Host(jdk, builder.start(), errors);
    }

    static String agent(String arguments) {
        return agent(PackagedJar.path(), arguments);
    }

    static String agent(Path jar, String arguments) {
        return "-javaagent:" + jar + "=" + arguments;
    }

    /** Only the class of the host: the agent's classes from this build must not be on its class path. */
    private static Path hostClasses(Path scratch) throws IOException {
        Path file = Path.of(HostProgram.class.getName().replace('.', '/') + ".class");
        Path copy = scratch.resolve("host-classes").resolve(file);
        if (!Files.exists(copy)) {
            Files.createDirectories(copy.getParent());
            Files.copy(PackagedJar.testClasses().resolve(file), copy);
        }
        return scratch.resolve("host-classes");
    }

    List<String> ask(String question) throws Exception {
        questions.write(question + "\n");
        questions.flush();
        return within(this::answer);
    }

    private List<String> answer() {
        List<String> lines = new ArrayList<>();
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.equals("> .")) {
                    return lines;
                }
                if (line.startsWith("> ")) {
                    lines.add(line.substring(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("The host ended after " + lines);
    }

    private static <T> T within(java.util.function.Supplier<T> work)
            throws ExecutionException, InterruptedException, TimeoutException {
        return CompletableFuture.supplyAsync(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    /** Lets the host exit by itself, and returns its exit code. */
    int end() throws Exception {
        questions.close();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the host exits by itself")
                .isTrue();
        return process.exitValue();
    }

    /** Our lines on the stderr of the host, without the JVM's own warnings about attached agents. */
    List<String> errors() throws IOException {
        try (Stream<String> lines = Files.lines(errors)) {
            return lines.filter(line -> !line.startsWith("WARNING: ")).toList();
        }
    }

    /** The warnings of the JVM on the stderr of the host. */
    List<String> warnings() throws IOException {
        try (Stream<String> lines = Files.lines(errors)) {
            return lines.filter(line -> line.startsWith("WARNING: ")).toList();
        }
    }

    /** The number of objects of the class after a full collection. */
    long live(String className) throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        jdk.resolve("bin/jcmd").toString(), Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (Stream<String> lines =
                histogram.inputReader(StandardCharsets.UTF_8).lines()) {
            return lines.filter(line -> line.contains(" " + className))
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(columns -> columns[3].equals(className))
                    .mapToLong(columns -> Long.parseLong(columns[1]))
                    .sum();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
