package io.github.csvbackup.agent;

import io.github.csvbackup.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of an agent with the operator's token, which is read for each request: it changes with each start. */
public record AgentOperator(URI url, Path token) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static AgentOperator of(PackagedAgent agent) {
        return new AgentOperator(agent.url(), agent.token());
    }

    /** Executes an operation of the agent and returns its result. */
    @Nullable
    Object ask(String operation, Object... arguments) throws IOException, InterruptedException {
        return request(
                Map.of("type", "exec", "operation", operation, "arguments", List.of(arguments)), "CsvBackupState");
    }

    /** Executes an operation of the simulated cluster. */
    public void simulate(String operation, Object... arguments) throws IOException, InterruptedException {
        request(Map.of("type", "exec", "operation", operation, "arguments", List.of(arguments)), "SimulatedCluster");
    }

    /** Reads an attribute of a bean. */
    public @Nullable Object read(String bean, String attribute) throws IOException, InterruptedException {
        return request(Map.of("type", "read", "attribute", attribute), bean);
    }

    private @Nullable Object request(Map<String, Object> parts, String bean) throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(parts);
        body.put("mbean", "io.github.csvbackup:type=" + bean);
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(url.resolve("jolokia/"))
                        .timeout(Duration.ofMinutes(2))
                        .header(
                                "Authorization",
                                "Bearer " + Files.readString(token).strip())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200
                && Json.read(response.body()) instanceof Map<?, ?> answer
                && Long.valueOf(200).equals(answer.get("status"))) {
            return answer.get("value");
        }
        throw new AssertionError(response.statusCode() + " " + response.body());
    }
}
