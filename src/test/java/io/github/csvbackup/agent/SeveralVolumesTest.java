package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.json.Json;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One crashed job left three states: cleared with one request over HTTP and over JMX, on a simulated cluster. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SeveralVolumesTest {
    private static final List<String> VOLUMES = IntStream.rangeClosed(1, 3)
            .mapToObj(number -> "C:\\ClusterStorage\\Volume" + number)
            .toList();
    private static final String ARRAY = String[].class.getName();

    @TempDir
    Path folder;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private Agent start() throws Exception {
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                RemoteAccess.NONE,
                folder.resolve("state"),
                Duration.ofMillis(250),
                Duration.ofMillis(250),
                false,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                false,
                AuditOptions.DEFAULT,
                3,
                3);
        return Agent.start(options, () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        });
    }

    private static ObjectName bean(String type) throws Exception {
        return new ObjectName("io.github.csvbackup:type=" + type);
    }

    private Object simulate(String operation, Object... arguments) throws Exception {
        String[] signature =
                Arrays.stream(arguments).map(each -> each.getClass().getName()).toArray(String[]::new);
        return server.invoke(bean("SimulatedCluster"), operation, arguments, signature);
    }

    private void statesWithoutABackup() throws Exception {
        for (String volume : VOLUMES) {
            simulate("startBackup", volume, "NODE1");
            simulate("killBackup", volume);
        }
        server.invoke(bean("SimulatedCluster"), "advance", new Object[] {600L}, new String[] {"long"});
        for (String volume : VOLUMES) {
            CompositeData assessed;
            do {
                assessed = (CompositeData) server.invoke(
                        bean("CsvBackupState"), "assess", new Object[] {volume}, new String[] {"java.lang.String"});
            } while (!"CLEARABLE".equals(assessed.get("verdict")));
        }
    }

    private static Map<?, ?> post(Agent agent, String operation, String arguments) throws Exception {
        String body = "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\""
                + operation + "\",\"arguments\":[" + arguments + "]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(agent.url() + "jolokia/"))
                .header("Authorization", "Bearer " + agent.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return (Map<?, ?>) Json.read(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static List<Object> each(Object list, String field) {
        List<Object> values = new ArrayList<>();
        ((List<?>) list).forEach(part -> values.add(((Map<?, ?>) part).get(field)));
        return values;
    }

    @Test
    void overHttpOneRequestClearsThemAndTheAuditHasItsId() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();

            Object results = post(agent, "clearAll", Json.write(VOLUMES)).get("value");

            assertThat(each(results, "outcome")).containsExactly("CLEARED", "CLEARED", "CLEARED");
            assertThat(each(results, "volume")).isEqualTo(VOLUMES);
            assertThat(each(results, "batch").stream().distinct())
                    .singleElement()
                    .satisfies(batch -> assertThat(
                                    each(post(agent, "recentAudit", "6").get("value"), "batch"))
                            .as("each of the six lines")
                            .containsOnly(batch));
            assertThat((CompositeData[]) server.getAttribute(bean("CsvBackupState"), "LastShadowCopies"))
                    .hasSize(3)
                    .allSatisfy(node -> assertThat(node.get("problem")).isNull());
            assertThat(post(agent, "clearAll", "[]").get("error").toString())
                    .contains("clearAll takes 1 to 64 paths, not 0. Nothing was cleared.");
            assertThat(post(agent, "clearAll", "[null]").get("error").toString())
                    .contains("Path 1 of 1 is null. Nothing was cleared.");
        }
    }

    @Test
    void overJmxTheArgumentIsAnArray() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();

            CompositeData[] results = (CompositeData[]) server.invoke(
                    bean("CsvBackupState"), "clearAll", new Object[] {VOLUMES.toArray(String[]::new)}, new String[] {
                        ARRAY
                    });

            assertThat(results).extracting(result -> result.get("outcome")).containsOnly("CLEARED");
            assertThatThrownBy(() -> server.invoke(
                            bean("CsvBackupState"), "clearAll", new Object[] {new String[65]}, new String[] {ARRAY}))
                    .isInstanceOf(RuntimeMBeanException.class)
                    .hasRootCauseMessage("clearAll takes 1 to 64 paths, not 65. Nothing was cleared.");
            assertThatThrownBy(() -> server.invoke(
                            bean("CsvBackupState"), "clearAll", new Object[] {null}, new String[] {ARRAY}))
                    .hasRootCauseMessage("clearAll needs an array of paths, not null. Nothing was cleared.");
            assertThat(agent.url()).isNotNull();
        }
    }
}
