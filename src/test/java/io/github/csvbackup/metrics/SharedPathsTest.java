package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several volumes share a friendly path: each series appears once. */
class SharedPathsTest {
    private static final String PATH = StubCluster.VOLUME1;
    private static final String LABEL = "volume=\"C:\\\\ClusterStorage\\\\Volume1\"";
    private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");
    private static final Problem OFFLINE = new Problem("Cluster Disk 7 is OFFLINE", "Bring it online.");

    private static String guidLabel(int n) {
        return "volume=\"\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-00000000000" + n + "}\\\\\"";
    }

    private static WatchedVolume volume(int n, String path, @Nullable Problem problem, Instant lastRead) {
        return new WatchedVolume(
                new Volume(
                        "id-" + n,
                        "Cluster Disk " + n,
                        "NODE1",
                        ResourceState.ONLINE,
                        path,
                        StubCluster.guid(n),
                        FaultState.NO_FAULTS,
                        BackupState.IN_PROGRESS),
                problem,
                new Moment(lastRead, null),
                null,
                lastRead,
                problem == null ? lastRead : null,
                false,
                n,
                null,
                true);
    }

    private static String scrape(List<WatchedVolume> volumes) {
        return scrape(volumes, new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE));
    }

    private static String scrape(List<WatchedVolume> volumes, ClearCounts counts) {
        List<VolumeIoState> states = volumes.stream()
                .map(each -> new VolumeIoState(
                        each.volume().friendlyPath(), each.volume().guidName(), "NODE1", VolumeIoState.DIRECT, 0, 0))
                .toList();
        Snapshot snapshot = new Snapshot(
                NOW,
                NOW,
                new Moment(NOW, null),
                Duration.ZERO,
                null,
                1,
                0,
                "CLUSTER",
                "NODE1",
                List.of(),
                Map.of(),
                volumes,
                List.of("id-1"),
                List.of(),
                Map.of(),
                NodeAnswer.of(NOW, new IoReading(states, List.of())),
                DurationHistogram.EMPTY);
        Scene scene = new Scene(snapshot, counts, Map.of(), false);
        String text = scene.metrics.scrape(ScrapeFormat.PLAIN).toString();
        assertThat(series(text)).doesNotHaveDuplicates();
        return text;
    }

    private static List<String> series(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    @Test
    void theVolumeThatCanBeReadKeepsThePath() {
        String text = scrape(List.of(volume(1, PATH, null, NOW), volume(7, PATH, OFFLINE, NOW.minusSeconds(60))));

        assertThat(text)
                .contains(
                        "csv_backup_volume_up{backend=\"simulated\"," + LABEL + "} 1.0",
                        "csv_backup_in_progress{backend=\"simulated\"," + LABEL + "} 1.0")
                .contains("csv_backup_stale_detected_total{backend=\"simulated\"," + LABEL + "} 1.0")
                .contains("csv_backup_volume_nodes_not_direct{backend=\"simulated\"," + LABEL + "} 0.0")
                .doesNotContain("Cluster Disk 7", "volume=\"\\\\\\\\?\\\\");
    }

    @Test
    void volumesThatCanAllBeReadAreCalledByTheirGuidNames() {
        String text = scrape(List.of(
                volume(1, PATH, null, NOW),
                volume(2, PATH, null, NOW),
                volume(7, PATH, OFFLINE, NOW.minusSeconds(60))));

        for (int n : new int[] {1, 2}) {
            assertThat(text)
                    .contains("csv_backup_volume_up{backend=\"simulated\"," + guidLabel(n) + "} 1.0")
                    .contains("csv_backup_stale_detected_total{backend=\"simulated\"," + guidLabel(n) + "} " + n + ".0")
                    .contains("csv_backup_volume_nodes_not_direct{backend=\"simulated\"," + guidLabel(n) + "} 0.0");
        }
        assertThat(text).doesNotContain(LABEL, "Cluster Disk 7");
    }

    @Test
    void ofVolumesThatCannotBeReadTheLastThatCouldSaysSo() {
        String text = scrape(List.of(
                volume(1, PATH, OFFLINE, NOW.minusSeconds(60)), volume(7, PATH, OFFLINE, NOW.minusSeconds(30))));

        assertThat(text)
                .contains("csv_backup_volume_up{backend=\"simulated\"," + LABEL + "} 0.0")
                .contains("resource=\"Cluster Disk 7\"")
                .doesNotContain("Cluster Disk 1", "volume=\"\\\\\\\\?\\\\");
    }

    @Test
    void pathsThatDifferInCaseAreTwo() {
        assertThat(scrape(List.of(volume(1, PATH, null, NOW), volume(2, "c:\\clusterstorage\\VOLUME1", null, NOW))))
                .contains("csv_backup_volume_up{backend=\"simulated\"," + LABEL + "} 1.0")
                .contains("csv_backup_volume_up{backend=\"simulated\",volume=\"c:\\\\clusterstorage\\\\VOLUME1\"} 1.0");
    }

    @Test
    void aVolumeWithoutAPathIsCalledByItsGuidName() {
        assertThat(scrape(List.of(volume(1, "", null, NOW))))
                .contains("csv_backup_stale_detected_total{backend=\"simulated\"," + guidLabel(1) + "} 1.0");
    }

    /** Clears were recorded by path until another volume got the same path, and by GUID name since then. */
    @Test
    void clearsOfTheVolumeThatKeepsThePathAreFoundUnderBothNames() {
        String guid = StubCluster.guid(1);
        ClearTimes times = new ClearTimes(
                Map.of(PATH, Map.of(Outcome.CLEARED, NOW), guid, Map.of(Outcome.CLEARED, NOW.minusSeconds(60))),
                Map.of(PATH, NOW.minusSeconds(60), guid, NOW),
                Map.of(PATH, NOW, StubCluster.guid(2), NOW.minusSeconds(60)));
        ClearCounts counts = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, times);
        String cleared = "csv_backup_last_clear_timestamp_seconds{backend=\"simulated\",outcome=\"cleared\",";
        String forced = "csv_backup_last_forced_clear_timestamp_seconds{backend=\"simulated\",";
        String suspect = "csv_backup_last_suspect_clear_timestamp_seconds{backend=\"simulated\",";

        assertThat(scrape(List.of(volume(1, PATH, null, NOW), volume(7, PATH, OFFLINE, NOW.minusSeconds(60))), counts))
                .contains(cleared + LABEL + "} 1.772334E9", forced + LABEL + "} 1.772334E9")
                .contains(suspect + LABEL + "} 1.772334E9");
        assertThat(scrape(List.of(volume(1, PATH, null, NOW), volume(2, PATH, null, NOW)), counts))
                .contains(cleared + guidLabel(1) + "} 1.77233394E9", forced + guidLabel(1) + "} 1.772334E9")
                .contains(suspect + guidLabel(2) + "} 1.77233394E9");
    }
}
