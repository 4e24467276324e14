package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which volumes have series in a running agent, by its option. It runs on NODE1, which owns Volume1 and Volume3 of three. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnedMetricsTest {
    @TempDir
    Path folder;

    /** The metrics after the first poll of an agent with this option. */
    private List<String> metrics(String option) throws Exception {
        Options options = OptionsParser.ofThisMachine()
                .parse(
                        OptionsParser.splitAgentArguments(
                                "backend=simulated,simulated-nodes=2,simulated-volumes=3,port=0," + "state-dir="
                                        + folder.resolve("state") + option),
                        "test");
        try (Agent agent = Agent.start(options, () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        })) {
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request =
                    HttpRequest.newBuilder(agent.url().resolve("metrics")).build();
            String text = "";
            while (!text.contains("csv_backup_volumes{backend=\"simulated\",state=\"all\"} 3.0\n")) {
                text = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            }
            return text.lines().toList();
        }
    }

    private static List<String> volumesIn(List<String> metrics, String series) {
        return metrics.stream()
                .filter(line -> line.startsWith(series + "{"))
                .map(line -> line.replaceAll(".*volume=\"C:\\\\\\\\ClusterStorage\\\\\\\\(\\w+)\".*", "$1"))
                .toList();
    }

    @Test
    void withTheOptionOnlyThoseThatTheNodeOwnsAndAllAreCounted() throws Exception {
        List<String> metrics = metrics(",metrics-volumes=owned");

        assertThat(volumesIn(metrics, "csv_backup_in_progress")).containsExactly("Volume1", "Volume3");
        assertThat(volumesIn(metrics, "csv_backup_volume_owned")).containsExactly("Volume1", "Volume3");
        assertThat(metrics).noneMatch(line -> line.contains("Volume2"));
    }

    @Test
    void withoutItAllOfThem() throws Exception {
        assertThat(volumesIn(metrics(""), "csv_backup_in_progress")).containsExactly("Volume1", "Volume2", "Volume3");
    }
}
