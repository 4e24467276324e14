package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.Test;

/** The provisioning files match each other, the dashboard and Prometheus' configuration. They were not tested in a Grafana. */
class ProvisioningTest {
    private static final Path FOLDER = Path.of("grafana", "provisioning");
    private static final Path DATA_SOURCES = FOLDER.resolve("datasources/csv-backup-agent.yml");
    private static final Path DASHBOARDS = FOLDER.resolve("dashboards/csv-backup-agent.yml");

    /** All values of a key, in the order of the file. */
    private static List<String> values(Path file, String key) throws IOException {
        List<String> values = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^ *(?:- )?" + key + ": (.+)$").matcher(Files.readString(file));
        while (line.find()) {
            values.add(line.group(1));
        }
        return values;
    }

    /** They use a subset of YAML that can be checked line by line: keys, list items and plain values, indented by two spaces. */
    @Test
    void theFilesAreSimpleYaml() throws IOException {
        for (Path file : List.of(DATA_SOURCES, DASHBOARDS)) {
            for (String line : Files.readAllLines(file)) {
                assertThat(line).as("%s", file).matches("(?:  )*(?:#.*|(?:- )?\\w+:(?: [\\w/$][^#]*)?)");
            }
            assertThat(values(file, "apiVersion")).containsExactly("1");
        }
    }

    /** A Grafana that already has a default data source does not start with a second one. */
    @Test
    void noDataSourceIsTheDefault() throws IOException {
        assertThat(Files.readString(DATA_SOURCES)).doesNotContain("isDefault");
    }

    @Test
    void prometheusNamesTheAlertmanagerThatIsProvisionedToo() throws IOException {
        assertThat(values(DATA_SOURCES, "type")).containsExactly("prometheus", "alertmanager");
        assertThat(values(DATA_SOURCES, "alertmanagerUid"))
                .containsExactly(values(DATA_SOURCES, "uid").get(1));
        assertThat(values(DATA_SOURCES, "url"))
                .as("Alertmanager's address in prometheus.yml")
                .element(1)
                .satisfies(url -> assertThat(Files.readString(Path.of("grafana", "prometheus.yml")))
                        .contains("'" + url.replace("http://", "") + "'"));
    }

    @Test
    void theScrapeIntervalIsThatOfPrometheus() throws IOException {
        assertThat(values(DATA_SOURCES, "timeInterval"))
                .isEqualTo(values(Path.of("grafana", "prometheus.yml"), "scrape_interval"));
    }

    @Test
    void theDashboardBeginsWithTheDataSourceThatIsProvisioned() throws IOException {
        JSONObject variable = Dashboard.parse(Dashboard.text()).variables().get(0);
        JSONObject current = Dashboard.object(variable, "current");

        assertThat(variable.get("name")).isEqualTo("datasource");
        assertThat(current.get("value")).isEqualTo(values(DATA_SOURCES, "uid").get(0));
        assertThat(current.get("text")).isEqualTo(values(DATA_SOURCES, "name").get(0));
    }

    @Test
    void theDocumentSaysWhereTheDashboardBelongs() throws IOException {
        assertThat(values(DASHBOARDS, "path"))
                .hasSize(1)
                .allSatisfy(path -> assertThat(Files.readString(Path.of("src/docs/monitoring.md")))
                        .contains("`dashboard.json` then belongs in `" + path + "`"));
        assertThat(values(DASHBOARDS, "allowUiUpdates")).containsExactly("false");
    }
}
