package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.text.PiecedText;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scrape after a change, of a scene that was scraped before it, has the text of a scene that never was. */
class VolumeFactsTest {
    private static final Duration POLL = Duration.ofSeconds(10);

    /** What may change between two scrapes. */
    static Stream<Named<Consumer<Scene>>> changes() {
        return Stream.of(
                Named.of("state", scene -> scene.volume10Reports(BackupState.IN_PROGRESS, FaultState.NO_FAULTS)),
                Named.of("unknown state", scene -> scene.volume10Reports(new BackupState(7), FaultState.NO_FAULTS)),
                Named.of("fault", scene -> scene.volume10Reports(BackupState.NONE, FaultState.IN_MAINTENANCE)),
                Named.of("unreadable", Scene::volume10IsUnreadable),
                Named.of("failed poll", Scene::pollFailed),
                Named.of(
                        "I/O",
                        scene -> scene.ioOfVolume10(new VolumeIoState("", "", "NODE2", VolumeIoState.PAUSED, 0, 0))),
                Named.of("I/O unknown", Scene::ioIsUnknown),
                Named.of("leftovers", scene -> scene.leftovers(LeftoverSeriesTest.some(scene.clock.instant()))),
                Named.of("node down", scene -> scene.nodeIsDown("NODE2")),
                Named.of("no poll for long", scene -> scene.clock.advance(Duration.ofMinutes(2))),
                Named.of("one volume not read for long", scene -> scene.polledAfter(Duration.ofMinutes(10))));
    }

    private static PiecedText scrape(Scene scene) {
        return scene.metrics.scrape(ScrapeFormat.PLAIN);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothingOldIsKept(Consumer<Scene> change) {
        Scene scrapedBefore = new Scene();
        String before = scrape(scrapedBefore).toString();
        change.accept(scrapedBefore);
        Scene fresh = new Scene();
        change.accept(fresh);

        assertThat(scrape(scrapedBefore).toString())
                .isEqualTo(scrape(fresh).toString())
                .isNotEqualTo(before);
    }

    /** Those of other nodes keep what was last read of them, and no agent has judged it since. */
    @Test
    void afterAFailedPollNoStateIsReported() {
        Scene scene = new Scene();
        scene.pollFailed();

        assertThat(scene.facts().seen()).isEmpty();
        assertThat(scrape(scene).toString())
                .contains("csv_backup_volume_up{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume10\"} 0.0")
                .doesNotContain("csv_backup_in_progress{", "csv_backup_verdict{");
    }

    @Test
    void theTimeOfAPollIsNotPartOfTheFacts() {
        Scene scene = new Scene();
        VolumeFacts before = scene.facts();

        scene.polledAfter(POLL);

        assertThat(scene.facts()).isEqualTo(before);
        scene.volume10Reports(BackupState.IN_PROGRESS, FaultState.NO_FAULTS);
        assertThat(scene.facts()).isNotEqualTo(before);
    }
}
