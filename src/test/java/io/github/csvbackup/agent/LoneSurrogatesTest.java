package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name with unpaired surrogates, which Windows allows: in each output they are replaced or escaped, and the rest is unchanged. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoneSurrogatesTest {
    private static final String ROOT = "C:\\ClusterStorage\\";
    private static final String NAME = "a\ud800b\udc00c\ud83d\udcbed\ud83d";
    private static final String REPLACED = "a\ufffdb\ufffdc\ud83d\udcbed\ufffd";
    private static final String ESCAPED = "a\\ud800b\\udc00c\ud83d\udcbed\\ud83d";

    @TempDir
    Path folder;

    private Agent start() throws Exception {
        String arguments =
                "backend=simulated,port=0,poll-interval=100ms,stale-after=1s,quiet-time=1s,simulated-volumes=1"
                        + ",state-dir=" + folder.resolve("state");
        Agent agent = Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(OptionsParser.splitAgentArguments(arguments), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
        simulate("renameVolume", ROOT + "Volume1", NAME);
        return agent;
    }

    private static void simulate(String operation, String... arguments) throws Exception {
        String[] types = new String[arguments.length];
        java.util.Arrays.fill(types, String.class.getName());
        ManagementFactory.getPlatformMBeanServer()
                .invoke(Registration.name("SimulatedCluster"), operation, arguments, types);
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String get(Agent agent, String path, String accept) throws Exception {
        return send(HttpRequest.newBuilder(agent.url().resolve(path)).header("Accept", accept));
    }

    private static Object jolokia(Agent agent, Map<String, Object> request) throws Exception {
        Map<String, Object> whole = new LinkedHashMap<>(request);
        whole.put("mbean", "io.github.csvbackup:type=CsvBackupState");
        String answer = send(HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + agent.token())
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(whole))));
        return ((Map<?, ?>) Json.read(answer)).get("value");
    }

    private static Map<?, ?> exec(Agent agent, String operation) throws Exception {
        return (Map<?, ?>)
                jolokia(agent, Map.of("type", "exec", "operation", operation, "arguments", List.of(ROOT + NAME)));
    }

    @Test
    void eachSurfaceTellsThemAndTheirNeighbours() throws Exception {
        try (LogLines log = new LogLines(WatchLog.class.getName())) {
            try (Agent agent = start()) {
                simulate("startBackup", ROOT + NAME, "NODE1");
                while (!exec(agent, "assess").get("stateBefore").equals("IN_PROGRESS")
                        || log.lines().stream().noneMatch(line -> line.contains(" has been running for "))) {
                    Pause.briefly();
                }

                assertThat(exec(agent, "assess").get("volume")).isEqualTo(ROOT + NAME);
                assertThat(jolokia(agent, Map.of("type", "read", "attribute", "VolumeNames")))
                        .isEqualTo(List.of(ROOT + NAME));
                for (String accept : List.of("text/plain", "application/openmetrics-text; version=1.0.0")) {
                    assertThat(get(agent, "metrics", accept))
                            .contains("csv_backup_in_progress{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\"
                                    + REPLACED + "\"} ");
                }
                assertThat(get(agent, "/", "text/html")).contains("<code>" + ROOT + ESCAPED + "</code>");
                assertThat(exec(agent, "clear").get("outcome")).isEqualTo("REFUSED");
            }
            assertThat(log.lines()).anyMatch(line -> line.contains("of " + ROOT + ESCAPED + " has been running for "));
        }
        Path state = folder.resolve("state");
        List<String> audit = Files.readAllLines(state.resolve("audit.jsonl"), StandardCharsets.US_ASCII);
        assertThat(audit)
                .filteredOn(line -> line.contains("\"refused\""))
                .singleElement()
                .satisfies(line ->
                        assertThat(((Map<?, ?>) Json.read(line)).get("volume")).isEqualTo(ROOT + NAME));

        try (Agent again = start()) {
            while (!jolokia(again, Map.of("type", "read", "attribute", "VolumeNames"))
                    .equals(List.of(ROOT + NAME))) {
                Pause.briefly();
            }
            assertThat(get(again, "metrics", "text/plain"))
                    .contains(
                            "csv_backup_last_clear_timestamp_seconds{backend=\"simulated\",outcome=\"refused\",volume=\"C:\\\\ClusterStorage\\\\"
                                    + REPLACED + "\"} ");
        }
    }
}
