package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.RealPart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.json.simple.JSONObject;
import org.json.simple.parser.JSONParser;
import org.json.simple.parser.ParseException;

/** A real Prometheus and a real Alertmanager with our files, and a receiver of Alertmanager's notifications. */
final class Monitoring implements AutoCloseable {
    private static final Path FILES = Path.of("grafana");

    /** One series in the result of an instant query. */
    record Sample(Map<String, String> labels, double value) {}

    private final Path folder;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<Process> processes = new ArrayList<>();
    private final Queue<String> notifications = new ConcurrentLinkedQueue<>();
    private final HttpServer receiver;
    private final URI prometheus;
    private final URI alertmanager;

    Monitoring(Path folder) throws Exception {
        String prometheusProgram = RealPart.program("Debian's package prometheus", "prometheus");
        String alertmanagerProgram =
                RealPart.program("Debian's package prometheus-alertmanager", "prometheus-alertmanager", "alertmanager");
        this.folder = folder;
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try {
                record(
                        exchange.getRequestURI().getPath().substring(1),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(200, -1);
            } catch (ParseException e) {
                exchange.sendResponseHeaders(400, -1);
            } finally {
                exchange.close();
            }
        });
        receiver.start();
        String alertmanagerAddress = "127.0.0.1:" + FreePort.next();
        String prometheusAddress = "127.0.0.1:" + FreePort.next();
        prometheus = URI.create("http://" + prometheusAddress);
        alertmanager = URI.create("http://" + alertmanagerAddress);
        Files.createDirectories(folder.resolve("targets"));
        write("rules.yml", ShortTimes.rules(Files.readString(FILES.resolve("rules.yml"))));
        write(
                "prometheus.yml",
                ShortTimes.prometheus(Files.readString(FILES.resolve("prometheus.yml")), alertmanagerAddress));
        write(
                "alertmanager.yml",
                ShortTimes.alertmanager(
                        Files.readString(FILES.resolve("alertmanager.yml")),
                        "127.0.0.1:" + receiver.getAddress().getPort()));
        start(
                alertmanagerProgram,
                "--config.file=alertmanager.yml",
                "--storage.path=alertmanager-data",
                "--cluster.listen-address=",
                "--web.listen-address=" + alertmanagerAddress);
        start(
                prometheusProgram,
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=prometheus-data",
                "--web.listen-address=" + prometheusAddress,
                "--rules.alert.resend-delay=1s");
    }

    void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    /** Replaces the target list atomically, as Prometheus requires. */
    void targets(String json) throws IOException {
        Path next = folder.resolve("targets.new");
        Files.writeString(next, json);
        Files.move(next, folder.resolve("targets/clusters.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void start(String... command) throws IOException {
        Path log = folder.resolve(Path.of(command[0]).getFileName() + ".log");
        processes.add(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    private synchronized void record(String team, String notification) throws ParseException {
        for (JSONObject alert : Dashboard.objects(parse(notification).get("alerts"))) {
            notifications.add(team + " " + alert.get("status") + " " + name(Dashboard.object(alert, "labels")));
        }
    }

    private static JSONObject parse(String json) throws ParseException {
        return (JSONObject) new JSONParser().parse(json);
    }

    /** The notifications so far, such as {@code team firing CsvBackupAgentDown SIMULATED.one}. */
    Set<String> notifications() {
        return new TreeSet<>(notifications);
    }

    private String get(URI base, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 400 || answer.statusCode() == 422) {
            throw new IllegalArgumentException(path + " was answered with " + answer.body());
        }
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** An instant query. Throws IllegalArgumentException if Prometheus rejects it. */
    List<Sample> query(String expression) throws Exception {
        String answer = get(prometheus, "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        List<Sample> samples = new ArrayList<>();
        for (JSONObject series :
                Dashboard.objects(Dashboard.object(parse(answer), "data").get("result"))) {
            List<?> value = (List<?>) series.get("value");
            samples.add(new Sample(labels(series), Double.parseDouble((String) value.get(1))));
        }
        return samples;
    }

    /** One series in the result of a range query: values by seconds since 1970. */
    record Series(Map<String, String> labels, SortedMap<Long, Double> points) {}

    /** A range query as Grafana sends it: start and end are multiples of the step. */
    List<Series> range(String expression, Instant from, Instant to, long step) throws Exception {
        String answer = get(
                prometheus,
                "/api/v1/query_range?step=" + step + "&start=" + from.getEpochSecond() / step * step + "&end="
                        + to.getEpochSecond() / step * step + "&query="
                        + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        List<Series> all = new ArrayList<>();
        for (JSONObject series :
                Dashboard.objects(Dashboard.object(parse(answer), "data").get("result"))) {
            SortedMap<Long, Double> points = new TreeMap<>();
            for (Object point : (List<?>) series.get("values")) {
                List<?> pair = (List<?>) point;
                points.put(((Number) pair.get(0)).longValue(), Double.parseDouble((String) pair.get(1)));
            }
            all.add(new Series(labels(series), points));
        }
        return all;
    }

    private static Map<String, String> labels(JSONObject series) {
        Map<String, String> labels = new HashMap<>();
        for (Map.Entry<?, ?> label : ((Map<?, ?>) Dashboard.object(series, "metric")).entrySet()) {
            labels.put((String) label.getKey(), (String) label.getValue());
        }
        return Map.copyOf(labels);
    }

    URI prometheus() {
        return prometheus;
    }

    /** The result of a range query with a step of two seconds, as Prometheus' JSON. */
    String range(String expression, Instant from, Instant to) throws Exception {
        return get(
                prometheus,
                "/api/v1/query_range?step=2&start=" + from.getEpochSecond() + "&end=" + to.getEpochSecond() + "&query="
                        + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    }

    /** All rules as Prometheus reports them. */
    List<JSONObject> rules() throws Exception {
        List<JSONObject> rules = new ArrayList<>();
        for (JSONObject group : Dashboard.objects(Dashboard.object(parse(get(prometheus, "/api/v1/rules")), "data")
                .get("groups"))) {
            rules.addAll(Dashboard.objects(group.get("rules")));
        }
        return rules;
    }

    /** The alerts in this state, {@code pending} or {@code firing}, each as its name and cluster. */
    Set<String> alerts(String state) throws Exception {
        Set<String> names = new TreeSet<>();
        for (JSONObject alert : Dashboard.objects(Dashboard.object(parse(get(prometheus, "/api/v1/alerts")), "data")
                .get("alerts"))) {
            if (state.equals(alert.get("state"))) {
                names.add(name(Dashboard.object(alert, "labels")));
            }
        }
        return names;
    }

    /** The alerts that Alertmanager inhibits. */
    Set<String> inhibited() throws Exception {
        Set<String> names = new TreeSet<>();
        for (JSONObject alert : Dashboard.objects(new JSONParser().parse(get(alertmanager, "/api/v2/alerts")))) {
            List<?> by = (List<?>) Dashboard.object(alert, "status").get("inhibitedBy");
            if (!by.isEmpty()) {
                names.add(name(Dashboard.object(alert, "labels")));
            }
        }
        return names;
    }

    private static String name(JSONObject labels) {
        return labels.get("alertname") + " " + labels.get("cluster");
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroy);
        try {
            for (Process process : processes) {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        receiver.stop(0);
    }
}
