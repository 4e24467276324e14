package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.OutsideText;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the page shows, unchanged, in PowerShell, sh and bash: each means its own volume, whatever its name. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PageCommandsIT {
    private static final Pattern NAME = Pattern.compile("<h3><code>(.*?)</code></h3>");
    private static final Pattern COMMAND = Pattern.compile("<pre><code>(.*?)</code></pre>");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private PackagedAgent agent;

    /** What the page shows of one volume. */
    private record Card(String name, List<String> commands) {
        String command(String start) {
            List<String> found =
                    commands.stream().filter(each -> each.startsWith(start)).toList();
            assertThat(found).as("the command %s of %s", start, name).hasSize(1);
            return found.get(0);
        }
    }

    @BeforeEach
    void start() throws Exception {
        List<String> paths = OddNames.all().stream().map(OddNames::path).toList();
        agent = PackagedAgent.withShortTimes(folder.resolve("agent"), "--simulated-volumes=" + paths.size());
        for (int i = 0; i < paths.size(); i++) {
            simulate(
                    "renameVolume",
                    "C:\\ClusterStorage\\Volume" + (i + 1),
                    OddNames.all().get(i));
            simulate("moveVolume", paths.get(i), "NODE1");
            simulate("startBackup", paths.get(i), "NODE1");
            simulate("killBackup", paths.get(i));
        }
        for (String node : List.of("NODE1", "NODE2", "NODE3")) {
            simulate("setServiceState", node, "VSS", "STOPPED");
            simulate("setServiceState", node, "swprv", "STOPPED");
        }
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private void simulate(String operation, String... arguments) throws Exception {
        Map<String, Object> request = Map.of(
                "type",
                "exec",
                "mbean",
                "io.github.csvbackup:type=SimulatedCluster",
                "operation",
                operation,
                "arguments",
                List.of(arguments));
        String body = send(HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                .header("Authorization", "Bearer " + token())
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request))));
        assertThat(((Map<?, ?>) Json.read(body)).get("status")).as(body).isEqualTo(200L);
    }

    private String token() throws Exception {
        return Files.readString(agent.token()).strip();
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }

    /** The page once all volumes are clearable. */
    private String page() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true) {
            String page = send(HttpRequest.newBuilder(agent.url()));
            if (page.split("<article class=\"CLEARABLE\">", -1).length
                    == OddNames.all().size() + 1) {
                return page;
            }
            assertThat(System.nanoTime()).as(page).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static List<Card> cards(String page) {
        List<Card> cards = new ArrayList<>();
        for (String article : page.split("<article ", -1)) {
            List<String> commands = texts(COMMAND, article).toList();
            texts(NAME, article).forEach(name -> cards.add(new Card(name, commands)));
        }
        return cards;
    }

    private static Stream<String> texts(Pattern pattern, String html) {
        return pattern.matcher(html)
                .results()
                .map((MatchResult found) -> found.group(1)
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&#39;", "'")
                        .replace("&amp;", "&"));
    }

    @Test
    void eachCommandMeansItsVolume() throws Exception {
        String page = page();
        List<Card> cards = cards(page);
        assertThat(cards)
                .extracting(Card::name)
                .containsExactlyInAnyOrderElementsOf(OddNames.all().stream()
                        .map(name -> OutsideText.printable(OddNames.path(name)))
                        .toList());
        List<String> names = cards.stream().map(Card::name).toList();

        assertThat(volumes(cards, "Test-CsvBackupState", "")).isEqualTo(names);
        assertThat(volumes(cards, "Clear-CsvBackupState", "$WhatIfPreference = $true"))
                .isEqualTo(names);
        for (Card card : cards) {
            assertThat(curl(card.command("curl -d"))).containsEntry("volume", card.name());
        }
        String all = texts(COMMAND, page).findFirst().orElseThrow();
        assertThat(all).startsWith("Get-CsvBackupState ");
        // The pipeline passes paths on. The agent reads a slash as a backslash, and the module refuses wildcards;
        // Windows
        // allows neither in names.
        assertThat(run(all, "$WhatIfPreference = $true; $ErrorActionPreference = 'SilentlyContinue'"))
                .containsAll(names.stream()
                        .filter(name -> name.matches("C:[^/:*?]+"))
                        .toList());
        Card cleared = cards.stream()
                .filter(card -> card.name().contains("$(x)"))
                .findFirst()
                .orElseThrow();
        assertThat(run(cleared.command("Clear-CsvBackupState"), "$ConfirmPreference = 'None'"))
                .isEqualTo(List.of(cleared.name()));
        for (Card card : cards) {
            String command = card.command("curl -u operator -d").replace("-u operator", "-u operator:" + token());
            Map<String, String> result = curl(command);
            assertThat(result).containsEntry("volume", card.name());
            assertThat(result.get("outcome")).isEqualTo(card.equals(cleared) ? "NOTHING_TO_CLEAR" : "REFUSED");
        }
    }

    /** The volumes in the results of one command of each card. */
    private List<String> volumes(List<Card> cards, String command, String setting) throws Exception {
        StringBuilder commands = new StringBuilder();
        cards.forEach(card -> commands.append(card.command(command)).append('\n'));
        return run(commands.toString(), setting);
    }

    /** The volumes in the results of commands, on a machine whose default agent this is: its token is found. */
    private List<String> run(String commands, String setting) throws Exception {
        Path programData = folder.resolve("program data");
        Path token = programData.resolve("csv-backup-agent").resolve("operator.token");
        Files.createDirectories(token.getParent());
        Files.writeString(token, token());
        Path script = Files.writeString(folder.resolve("commands.ps1"), "\ufeff" + commands);
        Path found = folder.resolve("found.json");
        PowerShell.with(folder, agent).run("""
                $PSDefaultParameterValues.Clear()
                $env:ProgramData = '%s'
                %s
                $volumes = @(. '%s' | ForEach-Object { [string] $_.Volume })
                [IO.File]::WriteAllText('%s', (ConvertTo-Json -InputObject $volumes))
                """.formatted(programData, setting, script, found));
        List<String> volumes = new ArrayList<>();
        for (Object volume : (List<?>) Json.read(Files.readString(found))) {
            volumes.add(OutsideText.printable((String) volume));
        }
        return volumes;
    }

    /** The volume and the outcome in the answer, which is the same in each shell. */
    private Map<String, String> curl(String command) throws Exception {
        String unused = RealPart.program("Debian's package curl", "curl", "curl.exe");
        Map<String, String> answer = Map.of();
        for (String shell : List.of("sh", "bash")) {
            Map<?, ?> json = answer(shell, command);
            while (Long.valueOf(429).equals(json.get("status"))) {
                // So many assessments a second are not usual.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                json = answer(shell, command);
            }
            assertThat(json.get("status")).as("%s: %s", command, json).isEqualTo(200L);
            Map<?, ?> value = (Map<?, ?>) json.get("value");
            answer = Map.of(
                    "volume",
                    OutsideText.printable((String) value.get("volume")),
                    "outcome",
                    String.valueOf(value.get("outcome")));
        }
        return answer;
    }

    private Map<?, ?> answer(String shell, String command) throws Exception {
        Process process = new ProcessBuilder(RealPart.program("Debian's package " + shell, shell), "-c", command)
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", command, Files.readString(folder.resolve("errors.txt")))
                .isZero();
        return (Map<?, ?>) Json.read(said);
    }
}
