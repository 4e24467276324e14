package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.QuietCluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.metrics.PollDurations;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server answers to the header Accept-Encoding: the headers and the bytes. */
@Timeout(60)
class MetricsEncodingTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    private static final int VOLUMES = 3;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Watcher watcher;
    private AgentMetrics metrics;
    private AgentHttpServer server;

    @BeforeEach
    void start() throws IOException {
        MovableClock clock = new MovableClock();
        Cluster cluster = new QuietCluster(2, VOLUMES);
        watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        watcher.pollOnce();
        ClearCounts none = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE);
        HttpCounts counts = new HttpCounts();
        metrics = new AgentMetrics(
                new AgentMetrics.AgentFacts("1.2.3", "simulated", false),
                watcher,
                new Guard(SETTINGS),
                () -> none,
                Map::of,
                () -> Leftovers.none(Leftovers.Answer.OFF),
                () -> new AuditStatus(Mark.NONE, 0, null),
                SETTINGS,
                new PollDurations(),
                counts,
                new Supervisor(),
                clock);
        server = AgentHttpServer.bind(
                new LocalDoor("127.0.0.1", 0, () -> "the-token", AnonymousAccess.ASSESS),
                1,
                counts,
                Map.of("/metrics", new MetricsEndpoint(metrics)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
        watcher.close();
    }

    /** @param acceptEncoding the values, each in a header of its own */
    private HttpResponse<byte[]> scrape(String... acceptEncoding) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url()).resolve("metrics"));
        for (String value : acceptEncoding) {
            request.header("Accept-Encoding", value);
        }
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Vary"))
                .as("for a cache between them")
                .contains("Accept, Accept-Encoding");
        return answer;
    }

    private static void isComplete(byte[] text) {
        assertThat(new String(text, StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.startsWith("csv_backup_in_progress{"))
                .hasSize(VOLUMES);
    }

    private static void isGzip(HttpResponse<byte[]> answer) throws IOException {
        assertThat(answer.headers().allValues("Content-Encoding")).isEqualTo(List.of("gzip"));
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            isComplete(unzipped.readAllBytes());
        }
    }

    private static void isPlain(HttpResponse<byte[]> answer) {
        assertThat(answer.headers().allValues("Content-Encoding")).isEmpty();
        isComplete(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "*", "gzip;q=0.5, identity;q=0.4", "deflate, gzip"})
    void gzip(String header) throws Exception {
        isGzip(scrape(header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity",
                "gzip;q=0",
                "gzip;q=0.4, identity",
                "identity;q=0.5, gzip;q=0.4",
                "gzip;q=0, *",
                "br",
                "*;q=0"
            })
    void plain(String header) throws Exception {
        isPlain(scrape(header));
    }

    @Test
    void withoutTheHeaderItIsPlain() throws Exception {
        isPlain(scrape());
    }

    /** RFC 9110, section 5.3: they mean the same as one header with both values. */
    @Test
    void aRepeatedHeaderIsOneList() throws Exception {
        isGzip(scrape("br", "gzip"));
        isPlain(scrape("gzip;q=0.4", "identity;q=0.5"));
        isPlain(scrape("identity;q=0.5", "gzip;q=0.4"));
    }
}
