package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.json.Json;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes with unusual names in the PowerShell module, in promtool, and in the command audit. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class OddNamesIT {
    private static final List<String> PATHS =
            OddNames.all().stream().map(OddNames::path).toList();

    @TempDir
    static Path folder;

    private static PackagedAgent agent;

    @BeforeAll
    static void start() throws Exception {
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"), "--simulated-volumes=" + PATHS.size());
        for (int i = 0; i < PATHS.size(); i++) {
            simulate(
                    "renameVolume",
                    "C:\\ClusterStorage\\Volume" + (i + 1),
                    OddNames.all().get(i));
        }
        for (String path : PATHS) {
            simulate("startBackup", path, "NODE1");
        }
        post(Map.of("type", "exec", "mbean", "io.github.csvbackup:type=CsvBackupState", "operation", "refresh"));
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static void simulate(String operation, String... arguments) throws Exception {
        post(Map.of(
                "type",
                "exec",
                "mbean",
                "io.github.csvbackup:type=SimulatedCluster",
                "operation",
                operation,
                "arguments",
                List.of(arguments)));
    }

    private static void post(Map<String, Object> request) throws Exception {
        String body = send(HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(agent.token()).strip())
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request))));
        assertThat(((Map<?, ?>) Json.read(body)).get("status")).as(body).isEqualTo(200L);
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }

    @Test
    void promtoolReadsTheMetrics() throws Exception {
        Process promtool = new ProcessBuilder(
                        RealPart.program("Debian's package prometheus", "promtool"), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(
                    send(HttpRequest.newBuilder(agent.url().resolve("metrics"))).getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    @Test
    void theModuleGivesTheNamesUnchangedAndFindsEachVolumeByItsOwn() throws Exception {
        PowerShell pwsh = PowerShell.with(folder, agent);
        Path names = Files.writeString(folder.resolve("names.json"), Json.write(PATHS));
        Path found = folder.resolve("found.json");

        pwsh.run("""
                $names = ConvertFrom-Json ([IO.File]::ReadAllText('%s'))
                $all = @(Get-CsvBackupState)
                $states = @($all | ForEach-Object { [string] $_.Volume })
                $checked = @($all | Where-Object { $_.Volume -notmatch '/|:.*:' } | Test-CsvBackupState | ForEach-Object { [string] $_.Volume })
                $own = @(foreach ($name in $names) {
                    $one = @(Get-CsvBackupState -VolumeName $name)
                    if ($one.Count -eq 1) { [string] $one[0].Volume } else { "$($one.Count) volumes" }
                })
                $null = Get-CsvBackupState | Out-String
                $json = ConvertTo-Json -Compress @{ states = $states; checked = $checked; own = $own }
                [IO.File]::WriteAllText('%s', $json)
                """.formatted(names, found));

        Map<?, ?> answers = (Map<?, ?>) Json.read(Files.readString(found));
        assertThat(answers.get("states")).isEqualTo(PATHS);
        // A slash separates folders and a colon starts a stream name: such paths are refused.
        assertThat(answers.get("checked"))
                .isEqualTo(PATHS.stream()
                        .filter(path -> !path.contains("/") && path.lastIndexOf(':') == 1)
                        .toList());
        assertThat(answers.get("own")).isEqualTo(PATHS);
    }

    @Test
    void theModulesTableHasOneLineAVolumeAndNoEscapeSequenceOfAName() throws Exception {
        String table = PowerShell.with(folder, agent).run("Get-CsvBackupState | Format-Table | Out-String -Width 400");

        assertThat(table.lines().filter(line -> line.contains("IN_PROGRESS"))).hasSize(PATHS.size());
        assertThat(table).doesNotContainPattern("[\\p{IsControl}&&[^\\n]]");
    }

    @Test
    void theCommandAuditPrintsOneLineForEachOfTheRecord() throws Exception {
        for (String path : PATHS) {
            // Windows does not allow some of these names: the agent may refuse such a path before it searches for a
            // volume.
            send(HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                    .header(
                            "Authorization",
                            "Bearer " + Files.readString(agent.token()).strip())
                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of(
                            "type",
                            "exec",
                            "mbean",
                            "io.github.csvbackup:type=CsvBackupState",
                            "operation",
                            "clear",
                            "arguments",
                            List.of(path))))));
        }
        Path output = folder.resolve("table.txt");
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dstdout.encoding=UTF-8",
                        "-jar",
                        PackagedJar.path().toString(),
                        "audit",
                        "--state-dir=" + agent.state())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String table = Files.readString(output);

        assertThat(command.exitValue()).as(table).isZero();
        int records = Files.readAllLines(agent.state().resolve("audit.jsonl")).size();
        assertThat(records).isGreaterThanOrEqualTo(PATHS.size());
        assertThat(table).doesNotContainPattern("[\\p{IsControl}\\u2028\\u2029&&[^\\n]]");
        assertThat(Pattern.compile("^\\d+ .*$", Pattern.MULTILINE)
                        .matcher(table)
                        .results())
                .hasSize(records);
        assertThat(table.lines()).hasSize(records + 1);
    }
}
