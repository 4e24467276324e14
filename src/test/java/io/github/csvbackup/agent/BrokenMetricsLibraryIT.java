package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An environment in which Prometheus' client library fails to start. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BrokenMetricsLibraryIT {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"PROMETHEUS_CONFIG,/no/such/file", "IO_PROMETHEUS_EXPORTER_HTTP_SERVER_PORT,x"})
    void theAgentRunsAndSaysWhyThereAreNoMetrics(String name, String value) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                PackagedJar.path().toString(),
                "--backend=simulated",
                "--port=0",
                "--state-dir=" + scratch.resolve("state"));
        builder.environment().put(name, value);
        Process agent = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader out = agent.inputReader(StandardCharsets.UTF_8)) {
            URI url = URI.create(out.readLine().replaceFirst(".* (http://\\S+) .*", "$1"));

            HttpResponse<String> metrics = get(url.resolve("metrics"));

            assertThat(metrics.statusCode()).isEqualTo(503);
            assertThat(metrics.body())
                    .startsWith("The Prometheus client library failed to start")
                    .contains("check PROMETHEUS_CONFIG and IO_PROMETHEUS_*");
            assertThat(get(url.resolve("jolokia/version")).statusCode()).isEqualTo(200);
        } finally {
            agent.destroyForcibly();
        }
    }

    private static HttpResponse<String> get(URI url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }
}
