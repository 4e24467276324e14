package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.security.AnonymousAccess;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One crashed job left three states: cleared with one request over HTTP and over JMX, on a simulated cluster. */
@Tag("jdk-independent")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralVolumesTest {
    private static final List<String> VOLUMES = IntStream.rangeClosed(1, 3)
            .mapToObj(number -> "C:\\ClusterStorage\\Volume" + number)
            .toList();
    private static final String ARRAY = String[].class.getName();
    private static final String VSS_BY_AGENT =
            "VSS on all 3 nodes started at [^,]+, when this agent listed their shadow copies;"
                    + " if nothing else uses it, it usually stops within minutes";

    @TempDir
    Path folder;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private Agent start() throws Exception {
        Options options = new Options(
                Backend.SIMULATED,
                "127.0.0.1",
                0,
                AnonymousAccess.ASSESS,
                null,
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
        letVssStop();
    }

    /** Until all volumes are clearable. A list that a busy machine takes late starts VSS again: then once more. */
    private void letVssStop() throws Exception {
        int looks = 0;
        for (String volume : VOLUMES) {
            CompositeData assessed;
            do {
                if (looks++ % 50 == 0) {
                    server.invoke(bean("SimulatedCluster"), "advance", new Object[] {600L}, new String[] {"long"});
                }
                Pause.briefly();
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
                    .allSatisfy(node -> assertThat(node.get("problem")).isNull())
                    .allSatisfy(node -> assertThat(node.get("source")).isEqualTo("WMI"));
            assertThat(post(agent, "clearAll", "[]").get("error").toString())
                    .contains("clearAll takes 1 to 64 paths, not 0. Nothing was cleared.");
            assertThat(post(agent, "clearAll", "[null]").get("error").toString())
                    .contains("Path 1 of 1 is null. Nothing was cleared.");
        }
    }

    /** As a client whose connection breaks: it sends the request and gets no answer. */
    private static void sendAndLeave(Agent agent, String arguments, Runnable meanwhile) throws Exception {
        byte[] body = ("{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\","
                        + "\"operation\":\"clearAll\",\"arguments\":[" + arguments + "]}")
                .getBytes(StandardCharsets.UTF_8);
        String head = "POST /jolokia/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + agent.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), agent.url().getPort())) {
            client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().write(body);
            meanwhile.run();
            client.setSoLinger(true, 0);
        }
    }

    /** The lines of the newest batch that this client began for the volume, oldest first, as operate.md says. */
    private static List<Map<?, ?>> newestBatch(Agent agent, String volume) throws Exception {
        List<Map<?, ?>> lines = new ArrayList<>();
        ((List<?>) post(agent, "recentAudit", "500").get("value")).forEach(line -> lines.add((Map<?, ?>) line));
        String batch = "";
        for (Map<?, ?> line : lines) {
            if (volume.equals(line.get("volume")) && "127.0.0.1".equals(line.get("remoteAddress"))) {
                batch = (String) line.get("batch");
            }
        }
        String found = batch;
        return lines.stream()
                .filter(line -> !found.isEmpty() && found.equals(line.get("batch")))
                .toList();
    }

    @Test
    void aClientThatGotNoAnswerFindsAllItsResultsInTheAudit() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();
            post(agent, "clearAll", Json.write(List.of("D:\\nowhere")));
            Object principal = each(post(agent, "recentAudit", "1").get("value"), "principal")
                    .get(0);
            simulate("hangNextCall", "ClusterClearBackupStateForSharedVolume");

            sendAndLeave(agent, Json.write(VOLUMES), () -> {
                try {
                    while (newestBatch(agent, VOLUMES.get(0)).isEmpty()) {
                        Pause.briefly();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(newestBatch(agent, VOLUMES.get(0)))
                    .extracting(line -> line.get("kind"))
                    .as("the first call hangs")
                    .isEqualTo(List.of("intent"));
            simulate("releaseHungCalls");

            List<Map<?, ?>> ends;
            do {
                ends = newestBatch(agent, VOLUMES.get(0)).stream()
                        .filter(line -> !"intent".equals(line.get("kind")))
                        .toList();
            } while (ends.size() < VOLUMES.size());
            assertThat(each(ends, "volume")).isEqualTo(VOLUMES);
            assertThat(each(ends, "kind")).containsOnly("outcome");
            assertThat(each(ends, "outcome")).containsOnly("CLEARED");
            assertThat(each(ends, "principal")).containsOnly(principal);
        }
    }

    private String message(String operation, String volume) throws Exception {
        return (String) ((CompositeData) server.invoke(
                        bean("CsvBackupState"), operation, new Object[] {volume}, new String[] {"java.lang.String"}))
                .get("message");
    }

    @Test
    void testAndClearSayTheSameOfTheSameState() throws Exception {
        try (Agent agent = start()) {
            assertThat(agent.url()).isNotNull();
            simulate("setServiceState", "NODE2", "VSS", "RUNNING");
            simulate("prepareBackup", VOLUMES.get(0), "NODE1");
            for (String volume : VOLUMES.subList(0, 2)) {
                for (String node : List.of("NODE1", "NODE2", "NODE3")) {
                    simulate("setIoState", volume, node, "FILE_SYSTEM_REDIRECTED", "USER_REQUEST");
                }
            }
            String note = " I/O (no sign of a backup): not direct on all 3 nodes"
                    + " (FILE_SYSTEM_REDIRECTED): redirected access was switched on.";
            String shorter = " No direct I/O: see IoStates.";
            while (!message("assess", VOLUMES.get(0)).endsWith(shorter)
                    || !message("assess", VOLUMES.get(1)).endsWith(note)) {
                Pause.briefly();
            }
            String unproven = message("assess", VOLUMES.get(0));
            String idle = message("assess", VOLUMES.get(1));
            assertThat(unproven).startsWith("Some evidence is missing: ").contains("VSS service on NODE2 is RUNNING");
            assertThat(idle).startsWith("No backup state is set: ");

            assertThat(message("clear", VOLUMES.get(0))).isEqualTo("Refused: UNPROVEN. " + unproven);
            assertThat(message("clear", VOLUMES.get(1))).isEqualTo(idle);
            CompositeData[] both = (CompositeData[]) server.invoke(
                    bean("CsvBackupState"),
                    "clearAll",
                    new Object[] {VOLUMES.subList(0, 2).toArray(String[]::new)},
                    new String[] {ARRAY});
            assertThat(both)
                    .extracting(result -> result.get("message"))
                    .containsExactly("Refused: UNPROVEN. " + unproven, idle);
        }
    }

    private static String page(Agent agent) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(agent.url()).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void vssThatAQuestionOfTheAgentStartedIsExplainedInTheAssessmentTheRefusalAndThePage() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();
            String estimate = "Earliest clear: about [-\\d :+UTC]+, an estimate";

            String assessed;
            int looks = 0;
            do {
                // A look that a busy machine misses ends the explanation: then once more.
                if (looks++ % 50 == 0) {
                    letVssStop();
                    assertThat(post(agent, "shadowCopies", Json.write(VOLUMES.get(0)))
                                    .get("status"))
                            .hasToString("200");
                }
                Pause.briefly();
                assessed = message("assess", VOLUMES.get(0));
            } while (!assessed.contains("VSS on all 3 nodes started") || !assessed.contains("Earliest clear"));

            assertThat(assessed)
                    .startsWith("Some evidence is missing: ")
                    .containsPattern(VSS_BY_AGENT)
                    .containsPattern(estimate);
            assertThat((Map<?, ?>)
                            post(agent, "clear", Json.write(VOLUMES.get(0))).get("value"))
                    .satisfies(refused -> {
                        assertThat(refused.get("outcome")).isEqualTo("REFUSED");
                        assertThat((String) refused.get("message"))
                                .startsWith("Refused: UNPROVEN. Some evidence is missing: ")
                                .containsPattern(VSS_BY_AGENT)
                                .containsPattern(estimate);
                        assertThat((String) refused.get("earliestClear")).endsWith("Z");
                    });
            assertThat(page(agent)).containsPattern(VSS_BY_AGENT).containsPattern(estimate);
        }
    }

    @Test
    void aSecondRequestIsToldThatTheFirstOneHasStartedVss() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();
            simulate("hangNextCall", "ClusterClearBackupStateForSharedVolume");
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return message("clear", VOLUMES.get(0));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (Long.valueOf(0).equals(server.getAttribute(bean("SimulatedCluster"), "ClearCalls"))) {
                Pause.briefly();
            }

            Object all =
                    post(agent, "clearAll", Json.write(VOLUMES.subList(0, 1))).get("value");
            Object one = post(agent, "clear", Json.write(VOLUMES.get(0))).get("value");

            assertThat(each(all, "message"))
                    .singleElement()
                    .isEqualTo(((Map<?, ?>) one).get("message"))
                    .asString()
                    .containsPattern("is already running, requested by .+ through jmx. Wait for its result. "
                            + VSS_BY_AGENT + "\\.$");
            simulate("releaseHungCalls");
            assertThat(first.get()).contains("was cleared");
        }
    }

    @Test
    void aRunningBackupIsToldWithTheVssThatTheAgentStarted() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();
            String volume = VOLUMES.get(0);
            int looks = 0;
            do {
                // A look that a busy machine misses ends the explanation: then once more.
                if (looks++ % 50 == 0) {
                    letVssStop();
                    post(agent, "shadowCopies", Json.write(volume));
                }
                Pause.briefly();
            } while (!message("assess", volume).contains("VSS on all 3 nodes started"));
            simulate("startBackup", volume, "NODE1");
            post(agent, "shadowCopies", Json.write(volume));
            while (!page(agent).contains("A backup of this volume is running")) {
                Pause.briefly();
            }

            assertThat(message("assess", volume))
                    .startsWith("A backup of this volume is running")
                    .containsPattern(VSS_BY_AGENT);
            assertThat(message("clear", volume))
                    .startsWith("Refused: ACTIVE. A backup of this volume is running")
                    .containsPattern(VSS_BY_AGENT);
            assertThat(page(agent))
                    .containsPattern("A backup of this volume is running[^<]+</p><p>[^<]+" + VSS_BY_AGENT);
        }
    }

    @Test
    void overHttpAListIsJudgedPathByPath() throws Exception {
        try (Agent agent = start()) {
            statesWithoutABackup();

            Map<?, ?> tooMany = post(agent, "clearAll", Json.write(Collections.nCopies(65, VOLUMES.get(0))));
            assertThat(tooMany.get("error").toString())
                    .contains("clearAll takes 1 to 64 paths, not 65. Nothing was cleared.");
            assertThat(tooMany.containsKey("value")).isFalse();

            Object results = post(
                            agent,
                            "clearAll",
                            Json.write(List.of(
                                    VOLUMES.get(0), "D:\\nowhere", "c:/clusterstorage/VOLUME1", VOLUMES.get(1))))
                    .get("value");

            assertThat(each(results, "outcome")).containsExactly("CLEARED", "FAILED", "CLEARED", "CLEARED");
            assertThat(each(results, "auditId").get(0))
                    .as("the same volume twice is cleared once")
                    .isEqualTo(each(results, "auditId").get(2));
            List<Object> kinds = each(post(agent, "recentAudit", "5").get("value"), "kind");
            assertThat(kinds).containsExactly("refused", "intent", "outcome", "intent", "outcome");
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
