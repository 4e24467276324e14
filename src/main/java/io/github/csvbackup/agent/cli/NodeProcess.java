package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.state.OperatorToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An agent in a process of its own. Its standard input comes from this process, and it ends when that ends: so it never outlives this process, not even
 * one that is killed.
 */
final class NodeProcess implements AutoCloseable {
    private static final long ENDS_WITHIN_SECONDS = 20;

    private final Process process;
    private final URI url;
    private final Path stateDir;

    private NodeProcess(Process process, URI url, Path stateDir) {
        this.process = process;
        this.url = url;
        this.stateDir = stateDir;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param services knows the jar and the Java of this process
     * @param folder for its state and its log; exists
     * @param options of the agent, without the state directory
     */
    static NodeProcess start(ServiceSystem services, Path folder, List<String> options) throws StartException {
        Path stateDir = folder.resolve("state");
        Path log = folder.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of(
                services.javaHome().resolve("bin").resolve("java").toString(),
                "-Xmx64m",
                "-jar",
                services.jar().toString(),
                DemoNodeCommand.NAME,
                "--state-dir=" + stateDir));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // They are options for agents that run here, not for these.
        builder.environment().keySet().removeIf(name -> name.regionMatches(true, 0, "CSV_BACKUP_", 0, 11));
        try {
            Process process = builder.start();
            boolean started = false;
            try {
                URI url = announced(process, log);
                started = true;
                return new NodeProcess(process, url, stateDir);
            } finally {
                if (!started) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            throw new StartException("Cannot start an agent with " + command.get(0) + ": " + e.getMessage() + ".", e);
        }
    }

    private static URI announced(Process process, Path log) throws IOException, StartException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            List<String> errors = Files.readString(log).lines().toList();
            throw new StartException("An agent of the demo did not start: "
                    + (errors.isEmpty() ? "it printed nothing." : errors.get(errors.size() - 1)));
        }
        int from = line.indexOf("http://");
        if (from < 0) {
            throw new StartException("An agent of the demo has no address for this machine: " + line);
        }
        return URI.create(line.substring(from, line.indexOf(' ', from)));
    }

    /** Its address for this machine, with a slash at the end. */
    URI url() {
        return url;
    }

    /** The file of its operator's token, which is another one after each start. */
    Path tokenFile() {
        return stateDir.resolve(OperatorToken.FILE);
    }

    /** Stops it and waits for its end. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
