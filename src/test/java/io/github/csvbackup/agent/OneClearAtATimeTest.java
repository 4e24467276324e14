package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.security.AnonymousAccess;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second clear, on any interface, is refused at once with the name of the operator who clears. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OneClearAtATimeTest {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String REASON = "the backup product shows no job";
    private static final String CLEAR = "ClusterClearBackupStateForSharedVolume";

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
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                true,
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

    private Object invoke(String type, String operation, Object... arguments) throws Exception {
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, "java.lang.String");
        return server.invoke(bean(type), operation, arguments, signature);
    }

    private static String post(Agent agent, String operation, String arguments) throws Exception {
        String body = "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\""
                + operation + "\",\"arguments\":[" + arguments.replace("\\", "\\\\") + "]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(agent.url() + "jolokia/"))
                .header("Authorization", "Bearer " + agent.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void aStateWithoutABackup() throws Exception {
        invoke("SimulatedCluster", "startBackup", VOLUME, "NODE1");
        invoke("SimulatedCluster", "killBackup", VOLUME);
        invoke("SimulatedCluster", "hangNextCall", CLEAR);
    }

    private void awaitClearCalls(long calls) throws Exception {
        while (!Long.valueOf(calls).equals(server.getAttribute(bean("SimulatedCluster"), "ClearCalls"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aClearOverHttpIsToldOfOneOverJmxAndTheOtherWayRound() throws Exception {
        try (Agent agent = start()) {
            aStateWithoutABackup();
            CompletableFuture<CompositeData> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return (CompositeData) invoke("CsvBackupState", "forceClear", VOLUME, VOLUME, REASON);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitClearCalls(1);
            assertThat(post(agent, "clear", "\"" + VOLUME + "\""))
                    .contains("\"outcome\":\"REFUSED\"")
                    .containsPattern("is already running, requested by [^\"]* through jmx");
            invoke("SimulatedCluster", "releaseHungCalls");
            assertThat(first.get().get("outcome")).isEqualTo("CLEARED");

            aStateWithoutABackup();
            CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> {
                try {
                    return post(agent, "forceClear", "\"" + VOLUME + "\",\"" + VOLUME + "\",\"" + REASON + "\"");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitClearCalls(2);
            CompositeData refused = (CompositeData) invoke("CsvBackupState", "clear", VOLUME);
            assertThat(refused.get("outcome")).isEqualTo("REFUSED");
            assertThat((String) refused.get("message"))
                    .contains("is already running, requested by operator")
                    .contains("through http");
            invoke("SimulatedCluster", "releaseHungCalls");
            assertThat(second.get()).contains("\"outcome\":\"CLEARED\"");
            assertThat(server.getAttribute(bean("CsvBackupState"), "ClearRefusedTotal"))
                    .isEqualTo(2L);
        }
    }
}
