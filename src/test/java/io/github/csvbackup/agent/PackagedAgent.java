package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The packaged agent with a simulated cluster, in its own JVM. */
public final class PackagedAgent implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path folder;
    private final List<URI> urls;

    private PackagedAgent(Process process, Path folder, List<URI> urls) {
        this.process = process;
        this.folder = folder;
        this.urls = urls;
    }

    /** With short times, so that a test can wait for a stale state. */
    public static PackagedAgent withShortTimes(Path folder, String... options) throws IOException {
        return withShortTimes(folder, List.of(), options);
    }

    static PackagedAgent withShortTimes(Path folder, List<String> jvmOptions, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--poll-interval=100ms", "--stale-after=2s", "--quiet-time=1s"));
        all.addAll(List.of(options));
        return start(folder, jvmOptions, all);
    }

    /**
     * Starts it on a free port and waits until it listens.
     *
     * @param folder the folder for its state, stdout and stderr
     */
    public static PackagedAgent start(Path folder, List<String> jvmOptions, List<String> options) throws IOException {
        return startBy(List.of(), folder, jvmOptions, options);
    }

    /**
     * Starts it through another program.
     *
     * @param launcher the program; the command is added to it
     */
    public static PackagedAgent startBy(
            List<String> launcher, Path folder, List<String> jvmOptions, List<String> options) throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(Jit.of(options));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-jar",
                PackagedJar.path().toString(),
                "--backend=simulated",
                "--port=0",
                "--state-dir=" + folder.resolve("state")));
        command.addAll(options);
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("stdout.txt").toFile())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        try {
            return new PackagedAgent(process, folder, urls(process, folder));
        } catch (IOException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<URI> urls(Process process, Path folder) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean alive = process.isAlive();
            String line = Files.readString(folder.resolve("stdout.txt"));
            if (line.endsWith("\n")) {
                assertThat(line.strip())
                        .matches(
                                "csv-backup-agent \\S+ listening on https?://\\S+:\\d+/( and https://\\S+:\\d+/)? \\(backend simulated\\)");
                return Pattern.compile("https?://\\S+")
                        .matcher(line)
                        .results()
                        .map(found -> URI.create(found.group()))
                        .toList();
            }
            assertThat(alive && System.nanoTime() < end)
                    .as("the agent's first line; stderr: %s", Files.readString(folder.resolve("stderr.txt")))
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Waits until its first poll has ended, which may be after its announcement. It must have an address without TLS. */
    public void awaitPoll() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (health() != 200) {
            assertThat(System.nanoTime())
                    .as("the first poll; stderr: %s", errors())
                    .isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private int health() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) url().resolve("healthz").toURL().openConnection();
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    /** The address for this machine, or the only one, as in its announcement. */
    public URI url() {
        return urls.get(0);
    }

    /** The address for other machines if it has one, else that for this machine. */
    public URI remoteUrl() {
        return urls.get(urls.size() - 1);
    }

    public Path token() {
        return state().resolve("operator.token");
    }

    public Path state() {
        return folder.resolve("state");
    }

    public long pid() {
        return process.pid();
    }

    /** Ends it at once, as a crash does. */
    public void kill() {
        process.destroyForcibly();
        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** Everything that it has printed so far. */
    public String output() throws IOException {
        return Files.readString(folder.resolve("stdout.txt"));
    }

    public String errors() throws IOException {
        return Files.readString(folder.resolve("stderr.txt"));
    }

    /** Stops it and waits for its exit. */
    @Override
    public void close() {
        process.destroy();
        try {
            assertThat(process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the agent stops on request")
                    .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }
}
