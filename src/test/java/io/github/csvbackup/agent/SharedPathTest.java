package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.management.Notification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two volumes with the same friendly path, on each interface of an agent. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedPathTest {
    private static final String PATH = StubCluster.VOLUME1;
    private static final String GUID = StubCluster.guid(1);
    private static final String TWIN = StubCluster.guid(7);

    @TempDir
    Path folder;

    private final StubCluster cluster = new StubCluster();

    private Agent start() throws Exception {
        cluster.volumes.put(
                "twin",
                new Volume(
                        "id-7",
                        "Cluster Disk 7",
                        "NODE1",
                        ResourceState.ONLINE,
                        PATH,
                        TWIN,
                        FaultState.NO_FAULTS,
                        BackupState.NONE));
        cluster.io = List.of(
                new VolumeIoState(PATH, GUID, "NODE1", VolumeIoState.DIRECT, 0, 0),
                new VolumeIoState(PATH, TWIN, "NODE1", VolumeIoState.FILE_SYSTEM_REDIRECTED, 0x20, 0));
        String arguments = "backend=windows,port=0,poll-interval=100ms,stale-after=1s,state-dir=" + folder;
        return Agent.start(
                new OptionsParser(Map.of(), "Windows Server 2022", folder)
                        .parse(OptionsParser.splitAgentArguments(arguments), "test"),
                () -> cluster);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String get(Agent agent, String path) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(agent.url().resolve(path)));
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String await(Agent agent, String path, Predicate<String> condition) throws Exception {
        String body = get(agent, path);
        while (!condition.test(body)) {
            body = get(agent, path);
        }
        return body;
    }

    private static Object jolokia(Agent agent, Map<String, Object> request) throws Exception {
        Map<String, Object> whole = new java.util.LinkedHashMap<>(request);
        whole.put("mbean", "io.github.csvbackup:type=CsvBackupState");
        HttpResponse<String> answer = send(HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + agent.token())
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(whole))));
        return ((Map<?, ?>) Json.read(answer.body())).get("value");
    }

    private static List<Object> column(Object rows, String name) {
        return ((List<?>) rows)
                .stream().<Object>map(row -> ((Map<?, ?>) row).get(name)).toList();
    }

    @Test
    void eachSurfaceTellsThemApart() throws Exception {
        try (LogLines log = new LogLines(WatchLog.class.getName());
                Agent agent = start()) {
            Queue<Notification> told = new ConcurrentLinkedQueue<>();
            ManagementFactory.getPlatformMBeanServer()
                    .addNotificationListener(
                            Registration.name("CsvBackupState"),
                            (notification, handback) -> told.add(notification),
                            null,
                            null);
            await(agent, "metrics", text -> text.contains("csv_backup_volume_redirected_nodes{"));
            List<Object> names = List.of(GUID, StubCluster.VOLUME10, TWIN);

            assertThat(jolokia(agent, Map.of("type", "read", "attribute", "VolumeNames")))
                    .isEqualTo(names);
            assertThat(column(jolokia(agent, Map.of("type", "read", "attribute", "Volumes")), "volume"))
                    .isEqualTo(names);
            Object io = jolokia(agent, Map.of("type", "read", "attribute", "IoStates"));
            assertThat(column(io, "volume")).isEqualTo(List.of(GUID, TWIN, StubCluster.VOLUME10));
            assertThat(column(io, "state")).isEqualTo(List.of("DIRECT", "FILE_SYSTEM_REDIRECTED", "UNKNOWN"));
            assertThat(get(agent, "/"))
                    .contains("<code>" + PATH + "</code> <code>" + GUID + "</code> on Cluster Disk 1")
                    .contains("<code>" + PATH + "</code> <code>" + TWIN + "</code> on Cluster Disk 7")
                    .contains("<code>" + StubCluster.VOLUME10 + "</code> <strong");
            for (String guid : List.of(GUID, TWIN)) {
                Map<?, ?> assessed = (Map<?, ?>)
                        jolokia(agent, Map.of("type", "exec", "operation", "assess", "arguments", List.of(guid)));
                assertThat(assessed.get("volume")).isEqualTo(guid);
                assertThat((String) assessed.get("message"))
                        .matches(text -> text.contains("not direct on NODE1") == guid.equals(TWIN));
                Map<?, ?> copies = (Map<?, ?>)
                        jolokia(agent, Map.of("type", "exec", "operation", "shadowCopies", "arguments", List.of(guid)));
                assertThat(copies.get("volume")).isEqualTo(guid);
            }

            cluster.set(PATH, BackupState.IN_PROGRESS);
            while (told.stream().noneMatch(each -> each.getType().equals("csvbackup.state.stale"))) {
                Pause.briefly();
            }
            assertThat(told.stream().map(Notification::getMessage))
                    .contains(GUID + ": the backup state is set")
                    .anyMatch(message -> message.startsWith("The backup state of " + GUID + " is stale: "));
            assertThat(log.lines()).anyMatch(line -> line.contains("The backup state of " + GUID + " is stale: "));
        }
    }

    @Test
    void theMetricsAreThereWhileOneOfThemCannotBeRead() throws Exception {
        try (Agent agent = start()) {
            await(agent, "metrics", text -> text.contains("csv_backup_volume_up{backend=\"simulated\",volume="));
            cluster.unreadable.add(
                    new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("OpenClusterResourceEx", 5)));

            String text = await(
                    agent,
                    "metrics",
                    body -> body.contains("csv_backup_volumes{backend=\"simulated\",state=\"unreadable\"} 1.0"));

            assertThat(text)
                    .contains(
                            "csv_backup_volume_up{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 1.0")
                    .doesNotContain("000000000007");
            assertThat(get(agent, "healthz")).isEqualTo("ok\n");
        }
    }
}
