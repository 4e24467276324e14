package io.github.csvbackup.agent.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricChangesTest {
    @Test
    void showsWhatChangedOfTheVolumeAndWhatItWas() {
        String before = """
                # HELP csv_backup_stale Stale.
                csv_backup_stale{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1"} 0.0
                csv_backup_stale{backend="simulated",volume="C:\\\\Cluster Storage\\\\V10"} 0.0
                csv_backup_state{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1"} 0.0
                csv_backup_polls_total 3.0
                """;
        String after = """
                csv_backup_stale{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1"} 1.0
                csv_backup_stale{backend="simulated",volume="C:\\\\Cluster Storage\\\\V10"} 1.0
                csv_backup_state{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1"} 0.0
                csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1",le="60.0"} 1
                csv_backup_duration_seconds_count{backend="simulated",volume="C:\\\\Cluster Storage\\\\V1"} 1
                csv_backup_polls_total 9.0
                """;

        assertThat(MetricChanges.between(before, after, "C:\\Cluster Storage\\V1"))
                .containsExactly(
                        "csv_backup_stale{backend=\"simulated\",volume=\"C:\\\\Cluster Storage\\\\V1\"} 1.0   (was 0.0)",
                        "csv_backup_duration_seconds_count{backend=\"simulated\",volume=\"C:\\\\Cluster Storage\\\\V1\"} 1   (was absent)");
    }
}
