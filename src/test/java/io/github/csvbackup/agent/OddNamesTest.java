package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes with unusual names, on each interface of an agent: each name stays exactly one unchanged value. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OddNamesTest {
    private static final String STRING = String.class.getName();
    private static final String BEAN = "io.github.csvbackup:type=CsvBackupState";
    private static final ObjectName STATE = Registration.name("CsvBackupState");
    private static final ObjectName SIMULATION = Registration.name("SimulatedCluster");
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final List<String> PATHS =
            OddNames.all().stream().map(OddNames::path).toList();
    /** Characters that move the cursor of a terminal, or begin a line. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{IsControl}\\u2028\\u2029]");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Queue<Notification> NOTIFICATIONS = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path folder;

    private static Agent agent;
    private static LogLines log;

    /** All volumes are stale, and all their backups have died. */
    @BeforeAll
    static void start() throws Exception {
        log = new LogLines(WatchLog.class.getName());
        String arguments =
                "backend=simulated,port=0,poll-interval=100ms,poll-interval-others=100ms,stale-after=1s,quiet-time=1s,simulated-volumes="
                        + PATHS.size() + ",state-dir=" + folder.resolve("state");
        agent = Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(OptionsParser.splitAgentArguments(arguments), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
        SERVER.addNotificationListener(STATE, (notification, handback) -> NOTIFICATIONS.add(notification), null, null);
        for (int i = 0; i < PATHS.size(); i++) {
            simulate(
                    "renameVolume",
                    "C:\\ClusterStorage\\Volume" + (i + 1),
                    OddNames.all().get(i));
        }
        for (String path : PATHS) {
            simulate("startBackup", path, "NODE1");
            simulate("killBackup", path);
        }
        await(
                "all are stale",
                () -> volumes().stream().allMatch(volume -> volume.get("stale").equals(true)));
    }

    @AfterAll
    static void stop() throws Exception {
        agent.close();
        log.close();
    }

    private static void simulate(String operation, String... arguments) throws Exception {
        String[] types = new String[arguments.length];
        java.util.Arrays.fill(types, STRING);
        SERVER.invoke(SIMULATION, operation, arguments, types);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static String get(String path, String accept) {
        return send(HttpRequest.newBuilder(agent.url().resolve(path)).header("Accept", accept));
    }

    private static String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Object jolokia(Map<String, Object> request) {
        Map<?, ?> answer = answer(request);
        assertThat(answer.get("status")).as("%s", answer).isEqualTo(200L);
        return answer.get("value");
    }

    private static Map<?, ?> answer(Map<String, Object> request) {
        URI url = agent.url().resolve("jolokia/");
        Map<String, Object> body = new LinkedHashMap<>(request);
        body.put("mbean", BEAN);
        String json = send(HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + agent.token())
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body))));
        return object(json);
    }

    private static Map<?, ?> object(String json) {
        try {
            return (Map<?, ?>) Json.read(json);
        } catch (io.github.csvbackup.json.JsonException e) {
            throw new AssertionError(json, e);
        }
    }

    private static Map<?, ?> exec(String operation, Object... arguments) {
        return (Map<?, ?>) jolokia(Map.of("type", "exec", "operation", operation, "arguments", List.of(arguments)));
    }

    private static List<Map<?, ?>> volumes() {
        List<Map<?, ?>> volumes = new ArrayList<>();
        for (Object volume : (List<?>) jolokia(Map.of("type", "read", "attribute", "Volumes"))) {
            volumes.add((Map<?, ?>) volume);
        }
        return volumes;
    }

    @Test
    void thePageShowsEachNameAsText() {
        String page = get("/", "text/html");
        Matcher cells =
                Pattern.compile("<h3><code>(.*?)</code></h3>", Pattern.DOTALL).matcher(page);
        List<String> shown = new ArrayList<>();
        while (cells.find()) {
            shown.add(cells.group(1));
        }
        assertThat(shown)
                .allSatisfy(name ->
                        assertThat(name).doesNotContain("<", ">", "\"", "'").doesNotContainPattern(CONTROL))
                .extracting(OddNamesTest::text)
                .containsExactlyInAnyOrderElementsOf(
                        PATHS.stream().map(OddNamesTest::visible).toList());
        assertThat(page.replaceAll("<code>.*?</code>", "")).doesNotContain("script", "onerror", "<img");
    }

    /** As a browser shows it. */
    private static String text(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    /** Shows control characters and those that change the writing direction. */
    private static String visible(String text) {
        return Pattern.compile("[\\p{IsControl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        String.format("\\u%04x", (int) found.group().charAt(0))));
    }

    @Test
    void jolokiaGivesTheNamesUnchanged() {
        assertThat(volumes().stream()
                        .<Object>map(volume -> volume.get("volume"))
                        .toList())
                .isEqualTo(PATHS);
        assertThat((List<?>) jolokia(Map.of("type", "read", "attribute", "VolumeNames")))
                .isEqualTo(PATHS);
    }

    /** A name that Windows would interpret differently is refused with a message; a name never selects another volume. */
    @Test
    void aNameMeansItsVolumeOrNone() {
        List<String> unread = new ArrayList<>();
        for (String path : PATHS) {
            Map<?, ?> answer = answer(Map.of("type", "exec", "operation", "assess", "arguments", List.of(path)));
            if (answer.get("status").equals(200L)) {
                assertThat(((Map<?, ?>) answer.get("value")).get("volume")).isEqualTo(path);
            } else {
                assertThat(answer.get("status")).as(path).isEqualTo(400L);
                assertThat((String) answer.get("error")).as(path).endsWith(".");
                unread.add(path);
            }
        }
        assertThat(unread)
                .as("a slash separates folders, a colon begins a stream name")
                .allMatch(path -> path.contains("/") || path.lastIndexOf(':') > 1)
                .hasSizeLessThan(PATHS.size() / 3);
    }

    @Test
    void eachSeriesOfBothFormatsCarriesTheNameAsItsLabel() {
        for (String accept : List.of("text/plain", "application/openmetrics-text; version=1.0.0")) {
            String metrics = get("/metrics", accept);
            List<String> labels = new ArrayList<>();
            for (String line : metrics.split("\n", -1)) {
                Matcher series = Pattern.compile(
                                "csv_backup_stale\\{backend=\"simulated\",volume=\"((?:[^\"\\\\]|\\\\.)*)\".*\\} [01]\\.0")
                        .matcher(line);
                if (series.matches()) {
                    labels.add(unescaped(series.group(1)));
                }
            }
            assertThat(labels).as(accept).containsExactlyInAnyOrderElementsOf(PATHS);
        }
    }

    private static String unescaped(String label) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (c == '\\') {
                i++;
                text.append(label.charAt(i) == 'n' ? '\n' : label.charAt(i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    @Test
    void eachLineOfTheAuditIsOfOneRequestAndNamesItsVolume() throws Exception {
        int before = audit().size();
        List<String> cleared = new ArrayList<>();
        for (Map<?, ?> volume : volumes()) {
            Map<?, ?> result = exec("clear", volume.get("guid"));
            assertThat(result.get("outcome")).isIn("REFUSED", "CLEARED", "NOTHING_TO_CLEAR");
            cleared.add((String) result.get("volume"));
        }
        assertThat(cleared).isEqualTo(PATHS);
        List<String> lines = audit();

        assertThat(lines.subList(before, lines.size()))
                .allSatisfy(line -> assertThat(object(line).get("volume")).isIn(PATHS))
                .noneMatch(line -> CONTROL.matcher(line).find());
        assertThat(lines.subList(before, lines.size()).stream()
                        .map(line -> object(line).get("volume"))
                        .distinct()
                        .toList())
                .isEqualTo(PATHS);
    }

    private static List<String> audit() throws Exception {
        Path file = folder.resolve("state").resolve("audit.jsonl");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void theLogHasOneLineOfTextForEachEvent() {
        Predicate<String> reported =
                line -> line.contains(" is stale: set for ") || line.contains(" has been running for ");
        await("all are reported", () -> log.lines().stream().filter(reported).count() >= PATHS.size());
        List<String> lines = log.lines();
        assertThat(lines)
                .allMatch(line -> line.matches("[0-9-]{10}T[0-9:]{8}Z (INFO |WARN |ERROR) .*"), "begins with its time")
                .noneMatch(line -> CONTROL.matcher(line).find());
        for (String path : PATHS) {
            assertThat(lines)
                    .filteredOn(line -> line.contains(" INFO  The backup state of " + visible(path) + " is set; "))
                    .as(path)
                    .hasSize(1);
            assertThat(lines)
                    .filteredOn(reported)
                    .filteredOn(line -> line.contains(" of " + visible(path) + " "))
                    .as(path)
                    .isNotEmpty();
        }
    }

    @Test
    void notificationsCarryTheNamesUnchanged() {
        List<String> named = NOTIFICATIONS.stream()
                .filter(notification -> notification.getType().equals("csvbackup.state.stale"))
                .map(notification -> (String) ((CompositeData) notification.getUserData()).get("volume"))
                .toList();
        assertThat(named).contains(PATHS.toArray(String[]::new)).isSubsetOf(PATHS);
        assertThat(NOTIFICATIONS)
                .filteredOn(notification -> notification.getType().equals("csvbackup.state.stale"))
                .allMatch(notification -> PATHS.stream()
                        .anyMatch(path -> notification.getMessage().contains(" of " + path + " ")));
    }
}
