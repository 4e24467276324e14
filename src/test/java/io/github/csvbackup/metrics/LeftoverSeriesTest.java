package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The series about what failed backups left behind. */
class LeftoverSeriesTest {
    private static final VolumeKey VOLUME1 = key(StubCluster.VOLUME1);
    private static final VolumeKey VOLUME10 = key(StubCluster.VOLUME10);
    private static final String MACHINE = "SQL-7 of Ann";
    private static final String ON_VOLUME1 = "{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} ";

    private static VolumeKey key(String path) {
        return new StubCluster().volumes.get(path).key();
    }

    private static Leftover of(LeftoverKind kind, VolumeKey volume, @Nullable Instant since) {
        return new Leftover(kind, volume, "NODE1", MACHINE, "1F6D", "id", since, null, "Remove " + MACHINE, "Look");
    }

    /** Two old checkpoints and one of unknown age on Volume1, and one machine on Volume10, which another node owns. */
    static Leftovers some(Instant now) {
        return told(
                now,
                List.of(
                        of(LeftoverKind.CHECKPOINT, VOLUME1, now.minus(Duration.ofDays(2))),
                        of(LeftoverKind.CHECKPOINT, VOLUME1, now.minus(Duration.ofDays(9))),
                        of(LeftoverKind.CHECKPOINT, VOLUME1, null),
                        of(LeftoverKind.STUCK_MACHINE, VOLUME1, null),
                        of(LeftoverKind.NOT_MERGING, VOLUME10, now.minus(Duration.ofDays(3)))),
                Map.of(VOLUME1, 3_000_000_000_000L));
    }

    private static Leftovers told(Instant now, List<Leftover> found, Map<VolumeKey, Long> bytes) {
        return new Leftovers(Answer.TOLD, now, now, null, null, found, List.of(), bytes);
    }

    private static List<String> samples(Scene scene) {
        return lines(scene).stream().filter(line -> !line.startsWith("#")).toList();
    }

    private static List<String> lines(Scene scene) {
        return scene.metrics
                .scrape(ScrapeFormat.PLAIN)
                .toString()
                .lines()
                .filter(line -> line.contains("leftover") || line.contains("hyper_v") || line.contains("listed"))
                .toList();
    }

    @Test
    void numbersTimesAndBytesByVolumeAndKind() {
        Scene scene = new Scene();
        scene.leftovers(some(scene.clock.instant()));

        assertThat(lines(scene)).containsExactly("""
                # HELP csv_backup_hyper_v_asked_timestamp_seconds When the node's Hyper-V was last asked; absent before that, and without Hyper-V
                # TYPE csv_backup_hyper_v_asked_timestamp_seconds gauge
                csv_backup_hyper_v_asked_timestamp_seconds{backend="simulated"} 1.772334E9
                # HELP csv_backup_hyper_v_up 1 if the node's Hyper-V answered when it was last asked; absent before that, and without Hyper-V
                # TYPE csv_backup_hyper_v_up gauge
                csv_backup_hyper_v_up{backend="simulated"} 1.0
                # HELP csv_backup_leftover_bytes Size of the differencing disks of machines with something left over; absent if not all were counted
                # TYPE csv_backup_leftover_bytes gauge
                csv_backup_leftover_bytes{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 3.0E12
                # HELP csv_backup_leftovers What failed backups left on the volume, as this agent's node reports it; absent if nothing
                # TYPE csv_backup_leftovers gauge
                csv_backup_leftovers{backend="simulated",kind="checkpoint",volume="C:\\\\ClusterStorage\\\\Volume1"} 3.0
                csv_backup_leftovers{backend="simulated",kind="not_merging",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
                csv_backup_leftovers{backend="simulated",kind="stuck_machine",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
                # HELP csv_backup_oldest_leftover_timestamp_seconds Since when the oldest of them has been there; absent if not known
                # TYPE csv_backup_oldest_leftover_timestamp_seconds gauge
                csv_backup_oldest_leftover_timestamp_seconds{backend="simulated",kind="checkpoint",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7715564E9
                csv_backup_oldest_leftover_timestamp_seconds{backend="simulated",kind="not_merging",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.7720748E9
                """.lines().toArray(String[]::new));
    }

    /** Also of volumes that other nodes own: no other agent asks this node. */
    @Test
    void withOwnedTheSeriesAreTheSame() {
        Scene all = new Scene();
        Scene owned = new Scene(true);
        all.leftovers(some(all.clock.instant()));
        owned.leftovers(some(owned.clock.instant()));

        assertThat(samples(owned)).hasSize(8).isEqualTo(samples(all));
    }

    @ParameterizedTest
    @EnumSource(
            value = Answer.class,
            names = {"OFF", "NOT_ASKED", "NO_HYPER_V"})
    void aNodeThatHasNoHyperVOrIsNotAskedHasNoSeries(Answer answer) {
        Scene scene = new Scene();
        Instant now = scene.clock.instant();
        scene.leftovers(new Leftovers(answer, now, null, now, null, List.of(), List.of(), Map.of()));

        assertThat(lines(scene)).isEmpty();
    }

    @Test
    void withNothingLeftOverOnlyTheQuestionHasSeries() {
        Scene scene = new Scene();
        scene.leftovers(told(scene.clock.instant(), List.of(), Map.of()));

        assertThat(samples(scene))
                .containsExactly(
                        "csv_backup_hyper_v_asked_timestamp_seconds{backend=\"simulated\"} 1.772334E9",
                        "csv_backup_hyper_v_up{backend=\"simulated\"} 1.0");
    }

    /** Without a recent list, a missing shadow copy proves nothing. */
    @Test
    void aRecentListOfShadowCopiesHasItsTime() {
        Scene scene = new Scene();
        Instant now = scene.clock.instant();
        scene.leftovers(new Leftovers(
                Answer.TOLD, now, now, now.minus(Duration.ofDays(3)), null, List.of(), List.of(), Map.of()));

        assertThat(samples(scene))
                .contains("csv_backup_shadow_copies_listed_timestamp_seconds{backend=\"simulated\"} 1.7720748E9");
    }

    /** An alert must not end because Hyper-V hangs. */
    @Test
    void whatWasLeftOverStaysWhileHyperVDoesNotAnswer() {
        Scene scene = new Scene();
        Instant now = scene.clock.instant();
        Leftovers known = some(now);
        scene.leftovers(known);
        List<String> before = samples(scene);
        scene.leftovers(new Leftovers(
                Answer.FAILED,
                now.plusSeconds(900),
                now,
                null,
                new Problem("It hangs.", "Look."),
                known.found(),
                known.hidden(),
                known.bytesByVolume()));

        assertThat(samples(scene))
                .contains(
                        "csv_backup_hyper_v_asked_timestamp_seconds{backend=\"simulated\"} 1.7723349E9",
                        "csv_backup_hyper_v_up{backend=\"simulated\"} 0.0")
                .containsAll(before.stream()
                        .filter(line -> !line.contains("hyper_v"))
                        .toList())
                .hasSameSizeAs(before);
    }

    /** The cluster may no longer list the volume. */
    @Test
    void aVolumeThatIsNotListedHasItsGuidName() {
        Scene scene = new Scene();
        String guid = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-000000000099}\\";
        scene.leftovers(told(
                scene.clock.instant(),
                List.of(
                        of(LeftoverKind.SHADOW_COPY, new VolumeKey("gone", guid), null),
                        of(LeftoverKind.SHADOW_COPY, new VolumeKey("gone before", guid), null)),
                Map.of(new VolumeKey("gone", guid), 1L, new VolumeKey("gone before", guid), 2L)));

        String label = "volume=\"\\\\\\\\?\\\\Volume{5f0c9a10-0000-4000-8000-000000000099}\\\\\"} ";
        assertThat(samples(scene))
                .contains(
                        "csv_backup_leftovers{backend=\"simulated\",kind=\"shadow_copy\"," + label + "2.0",
                        "csv_backup_leftover_bytes{backend=\"simulated\"," + label + "3.0");
    }

    @Test
    void noMachineHasALabel() {
        Scene scene = new Scene();
        scene.leftovers(some(scene.clock.instant()));

        assertThat(scene.metrics.scrape(ScrapeFormat.PLAIN).toString())
                .contains("csv_backup_leftover_bytes" + ON_VOLUME1)
                .doesNotContain("SQL-7", "1F6D");
    }

    /** However many machines there are. */
    @Test
    void aVolumeHasAtMostNineMoreSamples() {
        Scene scene = new Scene();
        Instant now = scene.clock.instant();
        List<Leftover> found = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            for (LeftoverKind kind : LeftoverKind.values()) {
                found.add(of(kind, VOLUME1, now));
            }
        }
        scene.leftovers(told(now, found, Map.of(VOLUME1, 1L)));

        assertThat(samples(scene).stream().filter(line -> line.contains("volume=")))
                .hasSize(9)
                .contains("csv_backup_leftovers" + ON_VOLUME1.replace("\",v", "\",kind=\"checkpoint\",v") + "1000.0");
    }
}
