package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.RealPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.json.simple.parser.JSONParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented PowerShell script writes the target list that is the example beside prometheus.yml. */
@Tag("jdk-independent")
class TargetListIT {
    @Test
    void theDocumentedPowerShellWritesTheExample(@TempDir Path folder) throws Exception {
        String pwsh = RealPart.powerShell();
        String promtool = RealPart.program("Debian's package prometheus", "promtool");
        Files.writeString(
                folder.resolve("write.ps1"),
                "function Get-Cluster { [pscustomobject]@{ Name = 'HV1'; Domain = 'example.com' } }\n"
                        + "function Get-ClusterNode { 1..2 | ForEach-Object { [pscustomobject]@{ Name = \"NODE$_\" } } }\n"
                        + Documents.commands("the target list", TargetListIT.class));

        Programs.run(folder, List.of(pwsh, "-NoProfile", "-File", "write.ps1"));

        String written = Files.readString(folder.resolve("HV1.json"));
        assertThat(new JSONParser().parse(written))
                .isEqualTo(new JSONParser().parse(Files.readString(Path.of("grafana", "targets.example.json"))));
        Files.writeString(
                folder.resolve("prometheus.yml"),
                "scrape_configs: [{job_name: a, file_sd_configs: [{files: ['HV1.json']}]}]\n");
        assertThat(Programs.run(folder, List.of(promtool, "check", "config", "prometheus.yml")))
                .contains("is valid")
                .doesNotContain("WARNING");
    }
}
