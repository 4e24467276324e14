package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files in grafana/ match: each alert has a test for firing and for not firing, and a heading in the runbook. */
class AlertFilesTest {
    private static final Path FOLDER = Path.of("grafana");
    private static final String BASE = "https://example.org/csv-backup-agent";

    /** The text of each alerting rule, starting with its name. */
    private static List<String> alerts() throws IOException {
        List<String> alerts = new ArrayList<>(List.of(read("rules.yml").split("\n +- alert: ", -1)));
        alerts.remove(0);
        assertThat(alerts).isNotEmpty();
        return alerts;
    }

    private static String name(String alert) {
        return alert.substring(0, alert.indexOf('\n'));
    }

    private static String read(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }

    @Test
    void eachAlertIsTestedToFireAndNotToFire() throws IOException {
        String tests = read("rules.test.yml");
        for (String alert : alerts()) {
            assertThat(tests)
                    .containsPattern("alertname: " + name(alert) + "\\n +exp_alerts:\\n +- exp_labels")
                    .contains("alertname: " + name(alert) + ", exp_alerts: []}");
        }
    }

    @Test
    void eachAlertHasAHeadingInTheRunbookAndEachHeadingAnAlert() throws IOException {
        List<String> headings = new ArrayList<>();
        for (Matcher heading =
                        Pattern.compile("^## (Csv\\w+)$", Pattern.MULTILINE).matcher(read("runbook.md"));
                heading.find(); ) {
            headings.add(heading.group(1));
        }
        List<String> names = alerts().stream().map(AlertFilesTest::name).toList();

        assertThat(headings).containsExactlyInAnyOrderElementsOf(names);
        for (String alert : alerts()) {
            assertThat(alert)
                    .contains("runbook_url: " + BASE + "/runbook.md#"
                            + name(alert).toLowerCase(Locale.ROOT) + "\n");
        }
    }

    @Test
    void theDocumentsCountTheAlerts() throws IOException {
        for (String document : List.of("README.md", "src/docs/monitoring.md")) {
            assertThat(Files.readString(Path.of(document))).as(document).contains(" " + alerts().size() + " alerts");
        }
    }

    @Test
    void eachSectionOfTheRunbookHasItsFourParts() throws IOException {
        String[] sections = read("runbook.md").split("\n## (?=Csv)", -1);
        assertThat(sections).hasSize(alerts().size() + 1);
        for (int i = 1; i < sections.length; i++) {
            assertThat(sections[i]).contains("**Meaning.**", "**Impact.**", "**Diagnosis.**", "**Mitigation.**");
        }
    }

    @Test
    void eachAlertSaysWhatToDoFirst() throws IOException {
        for (String alert : alerts()) {
            assertThat(alert).containsPattern("severity: (critical|warning|info)\n");
            assertThat(alert).containsPattern("\n +\\(1\\) [^\n]+\n +\\(2\\) [^\n]+\n");
        }
    }

    /** One command replaces the runbook's address in every file that has it, so the rules still pass their tests. */
    @Test
    void theDocumentedCommandReplacesTheOneBase() throws IOException {
        Matcher command = Pattern.compile("(?m)^sed -i 's\\|" + Pattern.quote(BASE) + "\\|[^|]+\\|' (.+)$")
                .matcher(Documents.commands("the address of the runbook", AlertFilesTest.class));
        assertThat(command.find()).isTrue();
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(FOLDER)) {
            for (Path file : all.filter(path -> path.toString().matches(".+\\.(yml|json|md)"))
                    .toList()) {
                if (Files.readString(file).contains(BASE)) {
                    files.add(file.toString().replace('\\', '/'));
                }
            }
        }

        assertThat(command.group(1).split(" ", -1)).containsExactlyInAnyOrderElementsOf(files);
        for (String file : List.of("rules.yml", "dashboard.json")) {
            Matcher url = Pattern.compile("https://[^\"\\s]+").matcher(read(file));
            while (url.find()) {
                assertThat(url.group()).startsWith(BASE + "/runbook.md");
            }
        }
    }
}
