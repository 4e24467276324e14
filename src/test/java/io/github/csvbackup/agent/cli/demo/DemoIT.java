package io.github.csvbackup.agent.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.json.Json;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The demo of the packaged jar: its size on the screen, and the commands that it prints, as typed. */
@Tag("jdk-independent")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoIT {
    private static final int MOST_LINES = 60;
    private static final int MOST_COLUMNS = 100;
    private static final String LAST_LINE = "The agent keeps running until you press Ctrl+C.";

    /** Runs a command as its user would, and returns its output. */
    @FunctionalInterface
    private interface Shell {
        String run(String command) throws Exception;
    }

    /** A running demo and what it has printed. */
    record RunningDemo(Process process, List<String> lines) implements AutoCloseable {
        static RunningDemo start() throws Exception {
            return start(List.of(), LAST_LINE);
        }

        /**
         * Starts it and waits for a line.
         *
         * @param jvmOptions for the JVM
         * @param last the line
         * @param options further options
         */
        static RunningDemo start(List<String> jvmOptions, String last, String... options) throws Exception {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add(Jit.FIRST_COMPILER);
            command.addAll(jvmOptions);
            command.addAll(List.of("-jar", PackagedJar.path().toString(), "demo", "--pace=0s"));
            command.addAll(List.of(options));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines = new ArrayList<>();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            while (!lines.contains(last)) {
                String line = out.readLine();
                assertThat(line).as("after %s", lines).isNotNull();
                lines.add(line);
            }
            return new RunningDemo(process, lines);
        }

        URI url() {
            return URI.create(lines.get(0).replaceFirst(".* listening on (\\S+) .*", "$1"));
        }

        /** The lines between the two beginnings of lines. */
        private String between(String from, String to) {
            List<String> part = lines.stream()
                    .dropWhile(line -> !line.startsWith(from))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith(to))
                    .toList();
            assertThat(part).as(from).isNotEmpty();
            return String.join("\n", part).strip();
        }

        List<String> commands() {
            return List.of(between("1.", "2."), between("2.", "3."), between("3.", LAST_LINE));
        }

        Path token() {
            return Path.of(String.join("\n", lines).replaceFirst("(?s).*?\\$\\(cat '([^']+)'\\).*", "$1"));
        }

        String verdict(String volume) throws Exception {
            String body = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url().resolve(
                                                    "jolokia/read/io.github.csvbackup:type=CsvBackupState/Volumes"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            for (Object each : (List<?>) ((Map<?, ?>) Json.read(body)).get("value")) {
                if (((Map<?, ?>) each).get("volume").equals(volume)) {
                    return (String) ((Map<?, ?>) each).get("verdict");
                }
            }
            throw new AssertionError(body);
        }

        @Override
        public void close() {
            process.destroy();
            assertThat(process.onExit()).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itIsOneScreenAndItsCommandsWorkAsTyped() throws Exception {
        try (RunningDemo demo = RunningDemo.start()) {
            assertThat(demo.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(demo.lines()).allMatch(line -> line.length() <= MOST_COLUMNS, "at most 100 columns");
            assertThat(demo.lines())
                    .filteredOn(line -> line.matches("[ 1][0-9]  .*"))
                    .hasSize(11);
            assertThat(demo.lines())
                    .anyMatch(line -> line.matches("11  .* CLEARABLE \\* +UNPROVEN \\* +CLEARABLE \\*"));

            theCommandsWork(demo, demo.commands(), command -> run("sh", "-c", command));
        }
    }

    @Test
    void itsCommandsForWindowsFitTheScreenToo() {
        Path token = Path.of(
                "C:/Users/Administrator/AppData/Local/Temp/csv-backup-demo-12345678901234567890/state/operator.token");

        assertThat(new Exploration(URI.create("http://127.0.0.1:54321/"), token, true).lines())
                .flatMap(lines -> List.of(lines.split("\n")))
                .allMatch(line -> line.length() <= MOST_COLUMNS, "at most 100 columns");
    }

    @Test
    void itsCommandsForWindowsWorkInPowerShell() throws Exception {
        try (RunningDemo demo = RunningDemo.start()) {
            theCommandsWork(
                    demo,
                    new Exploration(demo.url(), demo.token(), true).commands(),
                    command -> run(
                            RealPart.powerShell(), "-NoProfile", "-Command", command + " | Out-String -Width 4000"));
        }
    }

    private static void theCommandsWork(RunningDemo demo, List<String> commands, Shell shell) throws Exception {
        assertThat(shell.run(commands.get(0))).contains("C:\\").contains("Volume2: UNPROVEN\n", "5910");
        assertThat(shell.run(commands.get(1)))
                .contains("CLEARED", "REFUSED", "a backup may be reading a persistent shadow copy on NODE2");
        assertThat(demo.verdict("C:\\ClusterStorage\\Volume1")).isEqualTo("UNPROVEN");
        assertThat(demo.verdict("C:\\ClusterStorage\\Volume2")).isEqualTo("UNPROVEN");
        assertThat(demo.verdict("C:\\ClusterStorage\\Volume3")).isEqualTo("IDLE");
        assertThat(shell.run(commands.get(2))).contains("the state is cleared");
        while (!demo.verdict("C:\\ClusterStorage\\Volume1").equals("IDLE")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NO_COLOR", "1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.replace("\r\n", "\n");
    }
}
