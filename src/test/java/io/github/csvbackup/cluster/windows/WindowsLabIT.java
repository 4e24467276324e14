package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.HostProgram;
import io.github.csvbackup.agent.PackagedJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The unchanged jar on a Java for Windows, through the real Windows calling convention, against doubles of the cluster's DLLs. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WindowsLabIT {
    private static final String VOLUME = "C:\\\\ClusterStorage\\\\Volume1";
    private static final String TIMES = "poll-interval=200ms,stale-after=2s,quiet-time=1s,allow-force=true";
    private static final Pattern LISTENING =
            Pattern.compile("csv-backup-agent \\S+ listening on (\\S+) \\(backend windows\\)");

    @TempDir
    static Path folder;

    private static WineLab lab;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    @BeforeAll
    static void open() throws Exception {
        lab = WineLab.open(folder);
    }

    @AfterAll
    static void close() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private static String windowsPath(Path path) {
        return "Z:" + path.toAbsolutePath().toString().replace('/', '\\');
    }

    private URI standalone(String stateDir) throws IOException {
        Process agent = lab.java(List.of(
                "-jar",
                windowsPath(PackagedJar.path()),
                "--backend=windows",
                "--port=0",
                "--state-dir=C:\\" + stateDir,
                "--poll-interval=200ms",
                "--stale-after=2s",
                "--quiet-time=1s",
                "--allow-force=true"));
        BufferedReader out = agent.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher listening = LISTENING.matcher(line.strip());
            if (listening.matches()) {
                return URI.create(listening.group(1));
            }
        }
        throw new IOException("the agent did not start: " + lab.errors());
    }

    private URI guest(String stateDir) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path classes = Files.createDirectories(folder.resolve("host"));
        Path program = classes.resolve(HostProgram.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(program.getParent());
        Files.copy(
                Path.of(HostProgram.class.getResource("HostProgram.class").toURI()),
                program,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        lab.java(List.of(
                "-javaagent:" + windowsPath(PackagedJar.path()) + "=backend=windows,port=" + port + ",state-dir=C:\\"
                        + stateDir + "," + TIMES,
                "-cp",
                windowsPath(classes),
                HostProgram.class.getName()));
        URI url = URI.create("http://127.0.0.1:" + port + "/");
        await("the agent answers", () -> {
            try {
                return get(url.resolve("healthz")).statusCode() == 200;
            } catch (IOException e) {
                return false;
            }
        });
        return url;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as("%s; the agent said: %s", what, lab.errors())
                    .isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String exec(URI url, String stateDir, String operation, String arguments) throws Exception {
        String token = Files.readString(lab.onDriveC(stateDir).resolve("operator.token"))
                .strip();
        String body = "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\""
                + operation + "\",\"arguments\":" + arguments + "}";
        return http.send(
                        HttpRequest.newBuilder(url.resolve("jolokia/"))
                                .timeout(Duration.ofMinutes(2))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String read(URI url, String attribute) throws Exception {
        return get(url.resolve("jolokia/read/io.github.csvbackup:type=CsvBackupState/" + attribute))
                .body();
    }

    private String forceClear(URI url, String stateDir) throws Exception {
        return exec(
                url,
                stateDir,
                "forceClear",
                "[\"" + VOLUME + "\",\"" + VOLUME + "\",\"the backup product shows no job\"]");
    }

    @Test
    void seesAStaleStateAndClearsItOnItsOwn() throws Exception {
        lab.set(1, "");
        URI url = standalone("own");
        clearsAStaleState(url, "own");

        lab.set(1, "lying");
        await("the state is seen set again", () -> read(url, "InProgressCount").contains("\"value\":1"));
        assertThat(forceClear(url, "own"))
                .contains("\"outcome\":\"NOT_CLEARED\"")
                .contains("\"win32Code\":0")
                .contains("\"stateAfter\":\"IN_PROGRESS\"");
        assertThat(lab.clears()).hasSize(1);

        lab.set(1, "refusing");
        assertThat(forceClear(url, "own"))
                .contains("\"outcome\":\"FAILED\"")
                .contains("\"win32Code\":87")
                .contains("The cluster lists");
        assertThat(lab.clears()).hasSize(1);

        lab.set(1, "");
        assertThat(exec(url, "own", "clear", "[\"C:\\\\Windows\\\\Temp\"]"))
                .contains("\"outcome\":\"FAILED\"")
                .contains("\"win32Code\":87")
                .contains("is not on a Cluster Shared Volume");
        assertThat(exec(url, "own", "clear", "[\"" + VOLUME + "\"]"))
                .contains("\"outcome\":\"REFUSED\"")
                .contains("\"verdict\":\"UNPROVEN\"")
                .contains("does not read service states on Windows");
        assertThat(lab.clears()).isEmpty();
        assertThat(read(url, "BackupStateSupport")).contains("\"value\":\"UNVERIFIED\"");
        assertThat(Files.readAllLines(lab.onDriveC("own").resolve("audit.jsonl")))
                .hasSizeGreaterThan(6);
    }

    @Test
    void seesAStaleStateAndClearsItAsAGuest() throws Exception {
        lab.set(1, "");
        URI url = guest("guest");
        clearsAStaleState(url, "guest");
    }

    private void clearsAStaleState(URI url, String stateDir) throws Exception {
        await("the state is seen set", () -> read(url, "InProgressCount").contains("\"value\":1"));
        await("the state becomes stale", () -> read(url, "StaleCount").contains("\"value\":1"));
        assertThat(read(url, "ClusterName")).contains("\"value\":\"LAB\"");
        assertThat(read(url, "Backend")).contains("\"value\":\"WINDOWS\"");

        assertThat(forceClear(url, stateDir))
                .contains("\"outcome\":\"CLEARED\"")
                .contains("\"stateBefore\":\"IN_PROGRESS\"")
                .contains("\"stateAfter\":\"NONE\"");
        assertThat(lab.clears())
                .containsExactly("ClusterClearBackupStateForSharedVolume C:\\ClusterStorage\\Volume1\\");
        await("the snapshot shows it", () -> read(url, "InProgressCount").contains("\"value\":0"));
        assertThat(get(url.resolve("metrics")).body())
                .contains(
                        "csv_backup_clear_requests_total{outcome=\"cleared\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 1.0");
    }
}
