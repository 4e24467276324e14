package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeIoState.Reason;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many samples and bytes a scrape has: it grows with the volumes, and not with the nodes. */
class SampleCountTest {
    /** The bound for a volume that is quiet and readable; ReFS is the one reason that is permanent on some volumes. */
    private static final int MOST_PER_VOLUME = 10;

    private static final int MOST_OF_THE_AGENT = 75;
    /** That of the scene. */
    private final Instant now = new MovableClock().instant();

    private String scrape(int nodes, int volumes, boolean refs, boolean ownedOnly) {
        List<WatchedVolume> watched = new ArrayList<>();
        List<VolumeIoState> io = new ArrayList<>();
        for (int v = 1; v <= volumes; v++) {
            Volume volume = new Volume(
                    String.format(Locale.ROOT, "5f0c9a10-0000-4000-9000-%012x", v),
                    "Cluster Disk " + v,
                    "NODE" + (v % nodes + 1),
                    ResourceState.ONLINE,
                    "C:\\ClusterStorage\\Volume" + v,
                    String.format(Locale.ROOT, "\\\\?\\Volume{5f0c9a10-0000-4000-8000-%012x}\\", v),
                    refs ? FaultState.NO_DIRECT_IO : FaultState.NO_FAULTS,
                    BackupState.NONE);
            watched.add(new WatchedVolume(
                    volume, null, new Moment(now, null), now, null, null, false, 0, null, v % nodes == 0));
            for (int n = 1; n <= nodes; n++) {
                io.add(VolumeIoState.of(
                        volume.friendlyPath(),
                        volume.guidName(),
                        "NODE" + n,
                        refs ? VolumeIoState.FILE_SYSTEM_REDIRECTED : VolumeIoState.DIRECT,
                        refs ? Set.of(Reason.REFS) : Set.of()));
            }
        }
        Snapshot snapshot = new Snapshot(
                now,
                now,
                new Moment(now, null),
                Duration.ofMillis(250),
                null,
                1,
                0,
                "CLUSTER",
                "NODE1",
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(n -> new Node("NODE" + n, NodeState.UP, 0))
                        .toList(),
                Map.of(),
                watched,
                watched.stream().map(each -> each.volume().resourceId()).toList(),
                List.of(),
                Map.of(),
                NodeAnswer.of(now, new IoReading(io, List.of())),
                DurationHistogram.EMPTY);
        ClearCounts none = new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE);
        try (AgentMetrics metrics = new Scene(snapshot, none, Map.of(), ownedOnly).metrics) {
            return metrics.scrape(ScrapeFormat.PLAIN).toString();
        }
    }

    private static List<String> samples(String text) {
        return text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    @Test
    void aQuietVolumeHasNineSamples() {
        List<String> ofTheVolume = samples(scrape(3, 1, false, false)).stream()
                .filter(line -> line.contains("volume=\""))
                .map(line -> line.substring(0, line.indexOf('{')))
                .toList();

        assertThat(ofTheVolume)
                .containsExactlyInAnyOrder(
                        "csv_backup_in_progress",
                        "csv_backup_stale",
                        "csv_backup_verdict",
                        "csv_backup_volume_up",
                        "csv_backup_volume_owned",
                        "csv_backup_volume_info",
                        "csv_backup_volume_nodes_not_direct",
                        "csv_backup_stale_detected_total",
                        "csv_backup_abandoned_detected_total")
                .hasSizeLessThanOrEqualTo(MOST_PER_VOLUME);
    }

    @ParameterizedTest(name = "{0} nodes, {1} volumes, ReFS: {2}")
    @CsvSource({
        "3,  1000, false,  9, 1_000_000",
        "64, 1000, false,  9, 1_000_000",
        "64, 1000, true,  10, 1_100_000",
        "64, 3,    true,  10, 20_000"
    })
    void samplesAndBytesDoNotGrowWithTheNodes(int nodes, int volumes, boolean refs, int perVolume, String bytes) {
        String text = scrape(nodes, volumes, refs, false);
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        List<String> samples = samples(text);
        System.out.printf(
                "%d nodes, %d volumes%s: %d samples, %d bytes%n",
                nodes, volumes, refs ? " with ReFS" : "", samples.size(), size);

        Map<Boolean, Long> ofVolumes = samples.stream()
                .collect(Collectors.partitioningBy(line -> line.contains("volume=\""), Collectors.counting()));
        assertThat(ofVolumes.get(true))
                .isEqualTo((long) perVolume * volumes)
                .isLessThanOrEqualTo((long) MOST_PER_VOLUME * volumes);
        assertThat(ofVolumes.get(false)).isBetween(1L, (long) MOST_OF_THE_AGENT);
        assertThat(size).isLessThan(Integer.parseInt(bytes.replace("_", "")));
    }

    @Test
    void withOwnedTheVolumesOfOtherNodesHaveNoSamples() {
        List<String> samples = samples(scrape(4, 1000, false, true));

        assertThat(samples.stream().filter(line -> line.contains("volume=\""))).hasSize(9 * 250);
        assertThat(samples).contains("csv_backup_volumes{backend=\"simulated\",state=\"all\"} 1000.0");
    }
}
