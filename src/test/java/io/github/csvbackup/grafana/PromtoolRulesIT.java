package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' and Alertmanager's own checks of our files. */
@Tag("jdk-independent")
class PromtoolRulesIT {
    private static final Path FOLDER = Path.of("grafana");

    @Test
    void theConfigurationAndItsRulesAreValid(@TempDir Path folder) throws Exception {
        String promtool = RealPart.program("Debian's package prometheus", "promtool");
        for (String file : List.of("prometheus.yml", "rules.yml")) {
            Files.copy(FOLDER.resolve(file), folder.resolve(file));
        }
        for (String file : List.of("ca.pem", "password")) {
            Files.createFile(folder.resolve(file));
        }
        Files.createDirectory(folder.resolve("targets"));
        Files.copy(FOLDER.resolve("targets.example.json"), folder.resolve("targets/example.json"));

        assertThat(Programs.run(folder, List.of(promtool, "check", "config", "prometheus.yml")))
                .contains("prometheus.yml is valid")
                .doesNotContain("WARNING")
                .doesNotContain("FAILED");
        assertThat(Programs.run(folder, List.of(promtool, "check", "rules", "--lint-fatal", "rules.yml")))
                .contains("SUCCESS");
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        String promtool = RealPart.program("Debian's package prometheus", "promtool");

        // A test of one day evaluates each rule more than a thousand times; all tests take most of a minute.
        assertThat(Programs.runPatiently(FOLDER, List.of(promtool, "test", "rules", "rules.test.yml")))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    @Test
    void alertmanagerTakesItsConfiguration() throws Exception {
        String amtool = RealPart.program("Debian's package prometheus-alertmanager", "amtool");

        assertThat(Programs.run(FOLDER, List.of(amtool, "check-config", "alertmanager.yml")))
                .contains("SUCCESS");
        for (String route : List.of("critical on-call", "warning team", "info tickets")) {
            String[] parts = route.split(" ", -1);
            assertThat(Programs.run(
                            FOLDER,
                            List.of(
                                    amtool,
                                    "config",
                                    "routes",
                                    "test",
                                    "--config.file=alertmanager.yml",
                                    "severity=" + parts[0])))
                    .endsWith("\n" + parts[1] + "\n");
        }
    }
}
