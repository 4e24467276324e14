package io.github.csvbackup.management;

import static io.github.csvbackup.leftover.LeftoverSamples.checkpoint;
import static io.github.csvbackup.leftover.LeftoverSamples.failed;
import static io.github.csvbackup.leftover.LeftoverSamples.listed;
import static io.github.csvbackup.leftover.LeftoverSamples.notMerging;
import static io.github.csvbackup.leftover.LeftoverSamples.shadowCopy;
import static io.github.csvbackup.leftover.LeftoverSamples.stuck;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows, the counts and the question as clients see them. */
class LeftoverViewTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123456Z");

    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final VolumeKey volume = cluster.volumes.get(StubCluster.VOLUME1).key();

    private List<LeftoverView> views(Leftover... leftovers) {
        Watcher watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        watcher.refresh();
        return LeftoverView.of(List.of(leftovers), watcher.snapshot(), NOW);
    }

    @Test
    void aCheckpointHasAllItsFields() {
        Leftover leftover = checkpoint(
                volume, "SQL1", 1, Instant.parse("2026-02-27T06:00:00Z"), new DifferencingDisks(2, 4096, true));

        assertThat(views(leftover))
                .containsExactly(new LeftoverView(
                        "CHECKPOINT",
                        StubCluster.VOLUME1,
                        "NODE1",
                        "SQL1",
                        "5F0C9A10-0000-4000-B000-000000000001",
                        "Microsoft:5F0C9A10-0000-4000-C000-000000000001",
                        "2026-02-27T06:00:00Z",
                        1_772_172_000_000L,
                        180_000,
                        2L,
                        4096L,
                        true,
                        leftover.command(),
                        leftover.advice()));
    }

    @Test
    void whatIsUnknownIsNull() {
        LeftoverView view = views(checkpoint(new VolumeKey("x", StubCluster.guid(77)), "SQL1", 1, null, null))
                .get(0);

        assertThat(view.volume()).isEqualTo(StubCluster.guid(77));
        assertThat(view.created()).isNull();
        assertThat(view.createdEpochMillis()).isZero();
        assertThat(view.ageSeconds()).isZero();
        assertThat(view.files()).isNull();
        assertThat(view.bytes()).isNull();
        assertThat(view.complete()).isNull();
    }

    @Test
    void aShadowCopyHasNoMachineAndATimeInTheFutureHasNoAge() {
        LeftoverView view = views(shadowCopy(volume, NOW.plusSeconds(60))).get(0);

        assertThat(view.machine()).isNull();
        assertThat(view.machineId()).isNull();
        assertThat(view.ageSeconds()).isZero();
    }

    @Test
    void eachKindIsCounted() {
        assertThat(LeftoverCountsView.of(List.of(
                        checkpoint(volume, "SQL1", 1, NOW, null),
                        checkpoint(volume, "SQL1", 2, NOW, null),
                        checkpoint(volume, "SQL1", 3, NOW, null),
                        checkpoint(volume, "SQL1", 4, NOW, null),
                        notMerging(volume, "SQL1", NOW),
                        notMerging(volume, "SQL2", NOW),
                        notMerging(volume, "SQL3", NOW),
                        stuck(volume, "SQL1", NOW),
                        stuck(volume, "SQL2", NOW),
                        shadowCopy(volume, NOW))))
                .isEqualTo(new LeftoverCountsView(4, 3, 2, 1));
    }

    @Test
    void theQuestionHasItsStateAndItsTimes() {
        assertThat(LeftoversAskedView.of(Leftovers.none(Leftovers.Answer.OFF)))
                .isEqualTo(new LeftoversAskedView("OFF", null, 0, null, 0, null, 0, null));
        assertThat(LeftoversAskedView.of(listed(NOW, NOW.minusSeconds(60))))
                .isEqualTo(new LeftoversAskedView(
                        "TOLD",
                        "2026-03-01T08:00:00.123Z",
                        1_772_352_000_123L,
                        "2026-03-01T08:00:00.123Z",
                        1_772_352_000_123L,
                        "2026-03-01T07:59:00.123Z",
                        1_772_351_940_123L,
                        null));
        assertThat(LeftoversAskedView.of(failed(NOW, NOW.minusSeconds(60))))
                .isEqualTo(new LeftoversAskedView(
                        "FAILED",
                        "2026-03-01T08:00:00.123Z",
                        1_772_352_000_123L,
                        "2026-03-01T07:59:00.123Z",
                        1_772_351_940_123L,
                        null,
                        0,
                        "WMI on NODE1 denied access. Run the agent as SYSTEM."));
    }
}
