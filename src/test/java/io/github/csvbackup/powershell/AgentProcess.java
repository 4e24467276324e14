package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged agent on a simulated cluster, in a process of its own. */
final class AgentProcess implements AutoCloseable {
    private final Process process;
    private final Path state;
    private final URI url;

    private AgentProcess(Process process, Path state, URI url) {
        this.process = process;
        this.state = state;
        this.url = url;
    }

    static AgentProcess start(Path state, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                PackagedJar.path().toString(),
                "--backend=simulated",
                "--port=0",
                "--state-dir=" + state,
                "--poll-interval=100ms",
                "--stale-after=2s",
                "--quiet-time=1s"));
        command.addAll(List.of(options));
        Files.createDirectories(state.toAbsolutePath().getParent());
        Path errors = state.resolveSibling(state.getFileName() + ".errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).as(() -> read(errors)).contains(" listening on ");
        return new AgentProcess(process, state, URI.create(line.replaceFirst(".* (https?://\\S+) .*", "$1")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    URI url() {
        return url;
    }

    Path token() {
        return state.resolve("operator.token");
    }

    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit().orTimeout(30, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(30));
    }
}
