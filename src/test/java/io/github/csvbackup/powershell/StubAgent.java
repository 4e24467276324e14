package io.github.csvbackup.powershell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;

/** A stub of an agent whose answers the test defines: for names, outcomes and timing that the simulated cluster does not have. */
final class StubAgent implements AutoCloseable {
    private static final String ASKED = "io.github.csvbackup:type=CsvBackupState";

    private static final List<String> COUNTERS = List.of(
            "InProgressCount",
            "StaleCount",
            "PollTotal",
            "PollFailureTotal",
            "StaleTotal",
            "AbandonedTotal",
            "ClearedTotal",
            "ClearRefusedTotal",
            "ClearFailedTotal",
            "ClearUnverifiedTotal");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Supplier<Object>> attributes = new ConcurrentHashMap<>();
    private final Map<String, Function<String, Object>> operations = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** An error of Jolokia: HTTP 200 with a status in the body. */
    record Refusal(int status, String error) {}

    /** Replaces the answer of Jolokia. */
    interface Instead {}

    /** An error of the HTTP server. */
    record Http(int status, String text) implements Instead {}

    /** HTTP 200 with this text. */
    record Text(String json) implements Instead {}

    record Redirect(int status, String location) implements Instead {}

    /** Closes the connection. */
    record Nothing() implements Instead {}

    private StubAgent(HttpServer server) {
        this.server = server;
    }

    /** Without volumes. */
    static StubAgent start() throws IOException {
        return start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Without volumes, over TLS. */
    static StubAgent start(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return start(server);
    }

    private static StubAgent start(HttpServer server) {
        StubAgent stub = new StubAgent(server);
        server.setExecutor(stub.threads);
        server.createContext("/jolokia/", stub::answer);
        stub.has("Node", "NODE1").has("ClusterName", "STUB").has("Backend", "WINDOWS");
        stub.has("BackupStateSupport", "DOCUMENTED").has("LastPollTimeEpochMillis", 1_700_000_000_000L);
        stub.has("Version", "0.1.0")
                .has("StartTimeEpochMillis", 1_700_000_000_000L)
                .has("UnfinishedClears", List.of());
        for (String counter : COUNTERS) {
            stub.has(counter, 0);
        }
        stub.has("AuditLines", 1).has("AuditMismatch", () -> null);
        stub.has("UnreadableDisks", List.of()).has("LastPollError", () -> null).knows(List.of());
        stub.has("LastShadowCopies", List.of()).has("AllowForce", true);
        server.start();
        return stub;
    }

    String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + "/";
    }

    /** Sets an attribute. */
    StubAgent has(String attribute, Object value) {
        return has(attribute, () -> value);
    }

    /** Sets an attribute whose value, or {@link Http} error, is computed at each read. */
    StubAgent has(String attribute, Supplier<Object> value) {
        attributes.put(attribute, value);
        return this;
    }

    /** Sets the result of an operation for its first argument. Unless clearAll has its own, it gives the result of clear for each path. */
    StubAgent does(String operation, Function<String, Object> result) {
        operations.put(operation, result);
        return this;
    }

    /** Sets the volumes. */
    StubAgent knows(List<Map<String, Object>> volumes) {
        return has("Volumes", volumes)
                .has(
                        "VolumeNames",
                        volumes.stream().map(one -> one.get("volume")).toList());
    }

    /** A volume without a state. */
    static Map<String, Object> volume(String path) {
        Map<String, Object> volume = new HashMap<>();
        volume.put("volume", path);
        volume.put("guid", "\\\\?\\Volume{" + Integer.toHexString(path.hashCode()) + "}\\");
        volume.put("resource", "Cluster Disk 1");
        volume.put("ownerNode", "NODE1");
        volume.put("backupState", "NONE");
        volume.put("faultState", "NO_FAULTS");
        volume.put("since", null);
        volume.put("sinceEpochMillis", 0);
        volume.put("observedForSeconds", 0);
        volume.put("stale", false);
        volume.put("verdict", "IDLE");
        volume.put("earliestClear", null);
        volume.put("earliestClearEpochMillis", 0);
        volume.put("problem", null);
        return volume;
    }

    /** A volume whose state has been set for a minute. */
    static Map<String, Object> busy(String path, String verdict) {
        Map<String, Object> volume = busy(path, System.currentTimeMillis() - 60_000, true);
        volume.put("verdict", verdict);
        return volume;
    }

    /** A volume whose state is set. */
    static Map<String, Object> busy(String path, long sinceEpochMillis, boolean stale) {
        Map<String, Object> volume = volume(path);
        volume.put("backupState", "IN_PROGRESS");
        volume.put("sinceEpochMillis", sinceEpochMillis);
        volume.put("stale", stale);
        return volume;
    }

    /** A result of assess, or with an outcome a result of clear. */
    static Map<String, Object> result(String path, String outcome, Integer code, String verdict) {
        Map<String, Object> result = new HashMap<>();
        result.put("outcome", outcome);
        result.put("volume", path);
        result.put("win32Code", code);
        result.put("win32Text", "");
        result.put("message", "It ended so.");
        result.put("verdict", verdict);
        result.put("checks", List.of());
        result.put("stateBefore", "IN_PROGRESS");
        result.put("stateAfter", "IN_PROGRESS");
        result.put("auditId", "REFUSED".equals(outcome) ? "" : "4711");
        result.put("batch", "");
        // A volume that the agent left for the next round has an estimate.
        boolean isLeft = "REFUSED".equals(outcome) && "CLEARABLE".equals(verdict);
        Instant later = Instant.now().plusSeconds(480);
        result.put("earliestClear", isLeft ? later.toString() : null);
        result.put("earliestClearEpochMillis", isLeft ? later.toEpochMilli() : 0);
        return result;
    }

    /** A result of shadowCopies without any, from three nodes that were asked now. */
    static Map<String, Object> noShadowCopies(String path) {
        return shadowCopies(path, 0);
    }

    /** A result of shadowCopies from three nodes that were asked so long ago. */
    static Map<String, Object> shadowCopies(String path, int secondsAgo, Map<?, ?>... copies) {
        return shadowCopies(
                path,
                List.of(
                        list("NODE1", true, secondsAgo, null),
                        list("NODE2", true, secondsAgo, null),
                        list("NODE3", true, secondsAgo, null)),
                copies);
    }

    /** A result of shadowCopies from these lists. */
    static Map<String, Object> shadowCopies(String path, List<Map<String, Object>> lists, Map<?, ?>... copies) {
        Map<String, Object> result = new HashMap<>();
        result.put("volume", path);
        result.put("message", "none");
        result.put("copies", List.of(copies));
        result.put("lists", lists);
        return result;
    }

    /** From when the list of a node is in a result of shadowCopies. */
    static Map<String, Object> list(String node, boolean asked, int secondsAgo, String problem) {
        Map<String, Object> list = new HashMap<>();
        list.put("node", node);
        list.put("asked", asked);
        boolean isThere = problem == null;
        list.put(
                "atEpochMillis",
                isThere ? Instant.now().minusSeconds(secondsAgo).toEpochMilli() : 0);
        list.put("ageSeconds", isThere ? secondsAgo : 0);
        list.put("problem", problem);
        return list;
    }

    /** The operation and the first argument of each call, in order; the paths of clearAll are separated by commas. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        JSONObject request = (JSONObject) JSONValue.parse(new String(body, StandardCharsets.US_ASCII));
        if (exchange.getRequestURI().getPath().endsWith("/nothing/")) {
            send(exchange, 404, "text/plain; charset=utf-8", "no such page");
            return;
        }
        Object value = ASKED.equals(request.get("mbean")) ? value(request) : new Refusal(404, "no such MBean");
        if (value instanceof Http error) {
            send(exchange, error.status(), "text/plain; charset=utf-8", error.text());
        } else if (value instanceof Text text) {
            send(exchange, 200, "application/json; charset=utf-8", text.json());
        } else if (value instanceof Redirect redirect) {
            exchange.getResponseHeaders().set("Location", redirect.location());
            send(exchange, redirect.status(), "text/plain; charset=utf-8", "It is elsewhere.");
        } else if (value instanceof Nothing) {
            exchange.close();
        } else if (value instanceof Refusal refusal) {
            send(
                    exchange,
                    200,
                    "application/json; charset=utf-8",
                    JSONValue.toJSONString(Map.of("status", refusal.status(), "error", refusal.error())));
        } else {
            Map<String, Object> whole = new HashMap<>();
            whole.put("status", 200);
            whole.put("value", value);
            send(exchange, 200, "application/json; charset=utf-8", JSONValue.toJSONString(whole));
        }
    }

    private Object value(JSONObject request) {
        if ("exec".equals(request.get("type"))) {
            return executed(String.valueOf(request.get("operation")), ((List<?>) request.get("arguments")).get(0));
        }
        if (request.get("attribute") instanceof List<?> names) {
            Map<String, Object> values = new HashMap<>();
            for (Object name : names) {
                Object value = attributes.get(name).get();
                if (value instanceof Instead) {
                    return value;
                }
                values.put(String.valueOf(name), value);
            }
            return values;
        }
        if (request.get("attribute") != null) {
            return attributes.get(request.get("attribute")).get();
        }
        Map<String, Object> values = new HashMap<>();
        for (String name : new ArrayList<>(attributes.keySet())) {
            Object value = attributes.get(name).get();
            if (value instanceof Instead) {
                return value;
            }
            values.put(name, value);
        }
        return values;
    }

    private Object executed(String operation, Object first) {
        List<String> paths = first instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(first));
        String all = String.join(",", paths);
        calls.add(operation + " " + all);
        if (!(first instanceof List) || operations.containsKey(operation)) {
            return operations.get(operation).apply(all);
        }
        List<Object> results =
                paths.stream().map(path -> operations.get("clear").apply(path)).toList();
        return results.stream()
                .filter(result -> result instanceof Instead || result instanceof Refusal)
                .findFirst()
                .orElse(results);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] answer = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
