package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.http.jolokia.CurrentRequest;
import io.github.csvbackup.http.jolokia.JolokiaEndpoint;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AgentHttpServerTest {
    private static final String TOKEN = "the-token";
    private static final String MBEAN = "io.github.csvbackup:type=Probe";

    /** One row of the probe bean's table. */
    public record Row(String name, int number) {}

    /** A bean with an operation for readers and one for operators. */
    public interface Probe {
        List<Row> getRows();

        @ReadOnlyOperation(Role.ANONYMOUS)
        String assess(String path);

        @ReadOnlyOperation(Role.OPERATOR)
        String record(String path);

        String clear(String path);
    }

    private final List<String> cleared = new CopyOnWriteArrayList<>();
    private final List<Caller> callers = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore inAssess = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpCounts counts = new HttpCounts();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AgentHttpServer server;

    private final class ProbeBean implements Probe {
        @Override
        public List<Row> getRows() {
            return List.of(new Row("a", 1), new Row("b", 2));
        }

        @Override
        public String assess(String path) {
            if (path.isEmpty()) {
                throw new IllegalArgumentException("The path is empty.");
            }
            if (path.equals("wait")) {
                inAssess.release();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("an operation must not be interrupted", e);
                }
            }
            return "assessed " + path;
        }

        @Override
        public String record(String path) {
            return "recorded " + path;
        }

        @Override
        public String clear(String path) {
            cleared.add(path);
            callers.add(CurrentRequest.caller().orElseThrow());
            return "cleared " + path;
        }
    }

    @BeforeEach
    void start() throws Exception {
        MBeanServer beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName(MBEAN));
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName("other:type=Probe"));
        server = bind(
                0,
                Map.of(
                        "/jolokia",
                        new JolokiaEndpoint(beans, "io.github.csvbackup", AnonymousAccess.ASSESS, nanos::get, 1),
                        "/metrics",
                        request -> Reply.text(200, "metrics for " + request.accept()),
                        "/broken",
                        request -> {
                            throw new StackOverflowError("of a handler");
                        },
                        "/",
                        request -> Reply.text(200, "page")));
        server.start();
    }

    private AgentHttpServer bind(int port, Map<String, Endpoint> endpoints) throws IOException {
        return AgentHttpServer.bind(
                new LocalDoor("127.0.0.1", port, () -> TOKEN, AnonymousAccess.ASSESS), 1, counts, endpoints);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.url()).resolve(path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(headers.length == 0 ? to(path) : to(path).headers(headers));
    }

    private HttpResponse<String> post(String json, String... headers) throws Exception {
        return postTo("jolokia/", json, headers);
    }

    private HttpResponse<String> postTo(String path, String json, String... headers) throws Exception {
        HttpRequest.Builder request =
                to(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String exec(String operation, String arguments) {
        return "{\"type\":\"exec\",\"mbean\":\"" + MBEAN + "\",\"operation\":\"" + operation + "\",\"arguments\":"
                + arguments + "}";
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort());
    }

    @Test
    void executesOnlyWithTheToken() throws Exception {
        HttpResponse<String> without = post(exec("clear", "[\"x\"]"));
        HttpResponse<String> wrong = post(exec("clear", "[\"x\"]"), "Authorization", "Bearer wrong");

        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Basic"));
        assertThat(without.body()).contains("clear needs the operator's token");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("The token is wrong");
        assertThat(cleared).isEmpty();
    }

    @Test
    void aRequestForAnotherAgentIsNotExecutedHere() throws Exception {
        String target = "\"target\":{\"url\":\"service:jmx:rmi:///jndi/rmi://clusterB/jmxrmi\"},";
        String clear = exec("clear", "[\"x\"]").replaceFirst("\\{", "{" + target);

        String alone = post(clear, "Authorization", "Bearer " + TOKEN).body();
        String bulk = post("[" + clear + ",{\"type\":\"version\"}]", "Authorization", "Bearer " + TOKEN)
                .body();

        assertThat(post(clear).body()).as("without the token").contains("\"status\":400", "has a target");
        assertThat(alone)
                .contains("\"status\":400", "has a target, but this agent is not a proxy; nothing was executed");
        assertThat(bulk).startsWith("[").contains("\"status\":400", "\"status\":200", "\"protocol\":");
        assertThat(cleared).isEmpty();
    }

    @Test
    void theQueryStringCountsAsInStockJolokia() throws Exception {
        String read = "read/" + MBEAN + "/Rows";
        String body = "{\"type\":\"read\",\"mbean\":\"" + MBEAN + "\",\"attribute\":[\"Rows\",\"None\"]}";

        assertThat(get("jolokia/?p=" + read).body()).contains("\"name\":\"a\"", "\"status\":200");
        assertThat(get("jolokia/?p=" + read.replace("/", "%2F")).body()).contains("\"name\":\"a\"");
        assertThat(get("jolokia/" + read + "?maxCollectionSize=1").body())
                .contains("\"name\":\"a\"")
                .doesNotContain("\"name\":\"b\"");
        assertThat(post(body).body()).contains("\"status\":404");
        assertThat(postTo("jolokia/?ignoreErrors=true", body).body())
                .contains("\"status\":200", "\"name\":\"a\"", "ERROR: ");
        assertThat(get("jolokia/" + read + "?maxDepth=deep").body()).contains("\"status\":400");
        assertThat(get("jolokia/read/" + MBEAN + "/None?includeStackTrace=true&serializeException=true")
                        .body())
                .contains("\"status\":404")
                .doesNotContain("stacktrace", "error_value");
    }

    @Test
    void noOperationIsExecutedByTheQueryString() throws Exception {
        String answer = get("jolokia/?p=exec/" + MBEAN + "/clear/x", "Authorization", "Bearer " + TOKEN)
                .body();

        assertThat(answer).contains("\"status\":403", "Use POST to execute an operation, not GET");
        assertThat(cleared).isEmpty();
    }

    /** Like recentAudit: it changes nothing, but readers may not call it. */
    @Test
    void whichRoleAnOperationNeedsIsWhatItsMBeanSays() throws Exception {
        assertThat(post(exec("assess", "[\"x\"]")).body()).contains("assessed x");
        assertThat(post(exec("record", "[\"x\"]")).statusCode()).isEqualTo(401);
        assertThat(post(exec("record", "[\"x\"]"), "Authorization", "Bearer " + TOKEN)
                        .body())
                .contains("recorded x");
        // Nothing declares that a reader may call it.
        assertThat(post(exec("explode", "[\"x\"]")).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"clear", "clear(java.lang.String)", "clear (java.lang.String)", " clear", "record", "record()"})
    void noSpellingOfAnOperationPassesWithoutTheToken(String operation) throws Exception {
        post(exec(operation, "[\"x\"]"));
        post("[" + exec("assess", "[\"x\"]") + "," + exec(operation, "[\"x\"]") + "]");

        assertThat(cleared).isEmpty();
    }

    @Test
    void takesTheTokenAsBearerAndAsPassword() throws Exception {
        String basic = Base64.getEncoder().encodeToString(("operator:" + TOKEN).getBytes(StandardCharsets.UTF_8));

        assertThat(post(exec("clear", "[\"x\"]"), "Authorization", "Bearer " + TOKEN)
                        .body())
                .contains("\"value\":\"cleared x\"")
                .contains("\"status\":200");
        assertThat(post(exec("clear", "[\"y\"]"), "Authorization", "Basic " + basic)
                        .body())
                .contains("cleared y");
        assertThat(callers)
                .allMatch(caller ->
                        caller.role() == Role.OPERATOR && caller.surface().equals("http"));
        assertThat(CurrentRequest.caller()).isEmpty();
    }

    @Test
    void assessNeedsNoTokenAndIsRateLimited() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(post(exec("assess", "[\"x\"]")).body()).contains("assessed x");
        }
        HttpResponse<String> tooMany = post(exec("assess", "[\"x\"]"));
        nanos.addAndGet(1_000_000_000);

        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(tooMany.body()).contains("called too often");
        assertThat(post(exec("assess", "[\"x\"]")).statusCode()).isEqualTo(200);
    }

    @Test
    void anOperatorIsNotRateLimited() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(post(exec("assess", "[\"x\"]"), "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void operationsThatWaitLeaveTheServerToThoseWhoRead() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(http.sendAsync(
                    to("jolokia/")
                            .header("Authorization", "Bearer " + TOKEN)
                            .POST(HttpRequest.BodyPublishers.ofString(exec("assess", "[\"wait\"]")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(inAssess.tryAcquire(4, 30, TimeUnit.SECONDS)).isTrue();

        assertThat(post(exec("assess", "[\"x\"]"), "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(429);
        assertThat(send(to("metrics")).statusCode()).isEqualTo(200);

        release.countDown();
        for (CompletableFuture<HttpResponse<String>> each : waiting) {
            assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(post(exec("assess", "[\"x\"]"), "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void deepNestingIsRefusedBeforeAnyParserRecurses() throws Exception {
        for (String body : List.of("[".repeat(20_000), exec("assess", "[".repeat(20_000) + "]".repeat(20_000)))) {
            HttpResponse<String> answer = post(body);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":400", "nested deeper than 64 levels");
        }
    }

    @Test
    void anErrorInAHandlerIsAnAnswerAndNotTheThreadsEnd() throws Exception {
        HttpResponse<String> answer = send(to("broken"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("The agent failed to answer; see its log for the reason.\n");
    }

    @Test
    void getExecutesNothing() throws Exception {
        HttpResponse<String> answer =
                send(to("jolokia/exec/" + MBEAN + "/clear/x").header("Authorization", "Bearer " + TOKEN));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":403").contains("Use POST to execute an operation, not GET.");
        assertThat(cleared).isEmpty();
    }

    @Test
    void answersObjectsAsJsonWithAndWithoutTheSlash() throws Exception {
        for (String path : List.of("jolokia/read/" + MBEAN + "/Rows", "jolokia/read/" + MBEAN)) {
            HttpResponse<String> answer = send(to(path));
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
            assertThat(answer.body()).contains("\"name\":\"a\"").contains("\"status\":200");
        }
        assertThat(send(to("jolokia")).body()).contains("\"protocol\"").contains("\"status\":200");
        assertThat(send(to("jolokia").POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"version\"}")))
                        .body())
                .contains("\"protocol\"");
    }

    @Test
    void otherDomainsDoNotExist() throws Exception {
        assertThat(post("{\"type\":\"read\",\"mbean\":\"other:type=Probe\",\"attribute\":\"Rows\"}")
                        .body())
                .doesNotContain("\"name\":\"a\"")
                .contains("\"status\":404");
        assertThat(post("{\"type\":\"search\",\"mbean\":\"*:*\"}").body()).doesNotContain("other:type");
        assertThat(post("{\"type\":\"list\"}").body())
                .doesNotContain("\"other\"")
                .contains("io.github.csvbackup");
        assertThat(post("{\"type\":\"read\",\"mbean\":\"*:type=Probe\"}").body())
                .doesNotContain("other:type");
        assertThat(post(
                                "{\"type\":\"exec\",\"mbean\":\"other:type=Probe\",\"operation\":\"clear\",\"arguments\":[\"x\"]}",
                                "Authorization",
                                "Bearer " + TOKEN)
                        .body())
                .contains("\"status\":404");
        assertThat(cleared).isEmpty();
    }

    @Test
    void anAttributeThatCanOnlyBeReadIsNotWritten() throws Exception {
        assertThat(post(
                                "{\"type\":\"write\",\"mbean\":\"" + MBEAN + "\",\"attribute\":\"Rows\",\"value\":1}",
                                "Authorization",
                                "Bearer " + TOKEN)
                        .body())
                .contains("\"status\":403", "The attribute Rows cannot be changed.");
    }

    @Test
    void badInputGetsOneSentenceAndNoStackTrace() throws Exception {
        String operator = "Bearer " + TOKEN;
        String bulk = "["
                + IntStream.range(0, 51).mapToObj(i -> "{\"type\":\"version\"}").collect(Collectors.joining(",")) + "]";
        assertThat(post("{not json").body()).contains("\"status\":400").contains("The body is not JSON.");
        assertThat(post(bulk).body()).contains("\"status\":400").contains("has 51 parts; at most 50 are allowed");
        assertThat(post(exec("assess", "[\"\"]")).body())
                .contains("\"status\":400")
                .contains("The path is empty.");
        assertThat(post(exec("clear", "[]"), "Authorization", operator).body())
                .contains("\"status\":400")
                .contains("requires 1 parameters, not 0");
        assertThat(post(exec("explode", "[]"), "Authorization", operator).body())
                .contains("No operation explode");
        assertThat(post("{\"type\":\"read\",\"mbean\":\"" + MBEAN + "\",\"attribute\":\"Nothing\"}")
                        .body())
                .contains("\"status\":404");
        for (String body : List.of("{not json", exec("assess", "[\"\"]"), exec("assess", "[]"))) {
            assertThat(post(body).body()).doesNotContain("stacktrace").doesNotContain("at io.github");
        }
        assertThat(cleared).isEmpty();
    }

    @Test
    void aBodyInLatin1IsNotGuessedAt() throws Exception {
        HttpResponse<String> answer = send(to("jolokia/")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        exec("assess", "[\"C:\\\\\u00e4\"]").getBytes(StandardCharsets.ISO_8859_1))));

        assertThat(answer.body()).contains("\"status\":400").contains("The body is not valid UTF-8.");
    }

    @Test
    void aBrowserElsewhereIsRejected() throws Exception {
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("The Host header names another server.");
        assertThat(send(to("jolokia/")
                                .header("Origin", "http://evil.example")
                                .POST(HttpRequest.BodyPublishers.ofString(exec("assess", "[\"x\"]"))))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(to("metrics").header("Sec-Fetch-Site", "cross-site")).statusCode())
                .isEqualTo(403);
        assertThat(send(to("metrics").header("Sec-Fetch-Site", "same-origin")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesWhatIsTooLargeOrUnknown() throws Exception {
        assertThat(post("x".repeat(256 * 1024 + 1)).statusCode()).isEqualTo(413);
        assertThat(send(to("metrics").method("DELETE", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(send(to("nothing")).statusCode()).isEqualTo(404);
        assertThat(send(to("jolokiax")).statusCode()).isEqualTo(404);
        assertThat(send(to("metrics").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void expectContinueIsAnswered() throws Exception {
        String body = "{\"type\":\"version\"}";

        assertThat(raw("POST /jolokia/ HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body))
                .startsWith("HTTP/1.1 100")
                .contains("\"protocol\"");
    }

    @Test
    void halfOpenClientsDoNotKeepOthersFromBeingAnswered() throws Exception {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = connect();
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost:".getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                half.add(socket);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(send(to("metrics")).statusCode()).isEqualTo(200);
            }
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void slowBodiesAreCutWhileOthersWait() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Socket socket = connect();
                socket.getOutputStream()
                        .write("POST /jolokia/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
                                .getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                slow.add(socket);
            }
            assertThat(send(to("metrics")).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aPathIsAnsweredByItsEndpointAlone() throws Exception {
        assertThat(send(to("metrics/below")).statusCode()).isEqualTo(200);
        for (String path : List.of("//evil/metrics", "/metricsx", "/none", "/" + "/".repeat(15_000))) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 404");
        }
        assertThat(raw("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("DELETE /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("\r\nAllow: GET, HEAD, POST\r\n");
    }

    @Test
    void garbageIsSurvived() throws Exception {
        for (String garbage :
                List.of("\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "\u00ff\u00fe".repeat(500), "GET / HTTP/9.9\r\n\r\n")) {
            raw(garbage);
        }

        assertThat(send(to("metrics")).statusCode()).isEqualTo(200);
    }

    @Test
    void keptConnectionsAreKept() throws Exception {
        try (Socket socket = connect()) {
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("metrics for null\n") < 0) {
                    int next = in.read();
                    assertThat(next)
                            .as("the connection was closed after: %s", answer)
                            .isNotNegative();
                    answer.append((char) next);
                }
                assertThat(answer.toString()).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aBusyPortIsOneSentence() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> bind(busy.getLocalPort(), Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is in use by another program. Choose another port with port=");
        }
    }

    private static final String USE_IT = " Use that agent: a new one observes from the beginning.";

    @Test
    void aBusyPortSaysThatAnotherAgentHoldsIt() throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\n\r\n{\"value\":\"2.1.0-SNAPSHOT\",\"status\":200}",
                "HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=\"csv-backup-agent\"\r\n\r\n",
                "HTTP/1.1 404 x\r\n\r\n{\"error\":\"no such MBean\",\"status\":404}",
                "HTTP/1.1 200 OK\r\n\r\n{\"value\":\"x\\nINFO forged\"}",
                "")) {
            assertThat(messageOfAPortThatAnswers(answer))
                    .endsWith(
                            answer.contains("2.1.0")
                                    ? " is in use by another csv-backup-agent (version 2.1.0-SNAPSHOT)." + USE_IT
                                            + " Choose another port" + " with port=..., or port=0 for any free port."
                                    : answer.contains("realm")
                                            ? " is in use by another csv-backup-agent." + USE_IT
                                                    + " Choose another port with port=...,"
                                                    + " or port=0 for any free port."
                                            : " is in use by another program. Choose another port with port=..., or"
                                                    + " port=0 for any free port.");
        }
    }

    private String messageOfAPortThatAnswers(String answer) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket client = busy.accept()) {
                    client.getInputStream().read(new byte[10_000]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Throwable refused = catchThrowable(() -> bind(busy.getLocalPort(), Map.of()));
            answered.get(1, TimeUnit.MINUTES);
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void aForbiddenPortIsAnotherSentence() {
        assertThat(AgentHttpServer.cannotBind(
                        new LocalDoor("127.0.0.1", 8778, () -> TOKEN, AnonymousAccess.ASSESS),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8778),
                        new BindException("Permission denied: bind"),
                        () -> "not asked"))
                .isEqualTo(
                        "The port 127.0.0.1:8778 cannot be used: on Windows it may be in an excluded range (netsh int"
                                + " ipv4 show excludedportrange tcp). Choose another port with port=..., or port=0 for any free port.");
    }

    @Test
    void noSystemPropertyChangesAndNoThreadRemains() throws Exception {
        Map<Object, Object> before = Map.copyOf(System.getProperties());
        assertThat(post(exec("assess", "[\"x\"]")).statusCode()).isEqualTo(200);
        assertThat(send(to("jolokia/list")).statusCode()).isEqualTo(200);
        server.close();

        assertThat(System.getProperties()).isEqualTo(before);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().startsWith("csv-backup-http"))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
