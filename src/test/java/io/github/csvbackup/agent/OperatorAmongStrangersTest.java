package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operator gets answers while the cluster hangs and programs without credentials send many requests. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OperatorAmongStrangersTest {
    private static final String STATE = "CsvBackupState";
    private static final int STRANGERS = 6;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> exec(Agent agent, String type, String operation, String arguments, String token)
            throws Exception {
        String body = "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=" + type + "\",\"operation\":\""
                + operation + "\",\"arguments\":[" + arguments + "]}";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(agent.url() + "jolokia/"))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private int get(Agent agent, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(agent.url() + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @Test
    void strangersWhoRefreshWhileTheClusterHangsTakeNoPlaceOfTheOperators() throws Exception {
        String arguments = "backend=simulated,port=0,poll-interval=250ms,state-dir=" + folder.resolve("state");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        ExecutorService strangers = Executors.newFixedThreadPool(STRANGERS);
        try (Agent agent = Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(OptionsParser.splitAgentArguments(arguments), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                })) {
            exec(agent, "SimulatedCluster", "hangNextCall", "\"ClusterOpenEnum\"", agent.token());
            List<CompletableFuture<Void>> loops = new ArrayList<>();
            for (int i = 0; i < STRANGERS; i++) {
                loops.add(CompletableFuture.runAsync(
                        () -> {
                            while (!over.get()) {
                                try {
                                    exec(agent, STATE, "refresh", "", "");
                                    asked.incrementAndGet();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        },
                        strangers));
            }
            while (asked.get() < 3 * STRANGERS) {
                Thread.onSpinWait();
            }

            for (int i = 0; i < 8; i++) {
                HttpResponse<String> answer = exec(agent, STATE, "recentAudit", "1", agent.token());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"status\":200");
                assertThat(get(agent, "metrics")).isEqualTo(200);
                assertThat(get(agent, "healthz")).isIn(200, 503);
            }
            exec(agent, "SimulatedCluster", "releaseHungCalls", "", agent.token());
            assertThat(exec(agent, STATE, "assess", "\"C:\\\\ClusterStorage\\\\Volume1\"", agent.token())
                            .body())
                    .contains("\"status\":200");
            over.set(true);
            for (CompletableFuture<Void> loop : loops) {
                loop.get();
            }
        } finally {
            over.set(true);
            strangers.shutdownNow();
        }
    }
}
