package io.github.csvbackup.leftover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.csvbackup.leftover.Sightings.Seen;
import io.github.csvbackup.state.StateLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SightingsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration GAP = Duration.ofHours(2);
    private static final Seen STUCK = new Seen(LeftoverKind.STUCK_MACHINE, "1F");
    private static final Seen CHECKPOINT = new Seen(LeftoverKind.CHECKPOINT, "Microsoft:2\"é");

    @Test
    void whatWasSeenWithoutAGapKeepsItsTime() {
        Sightings first = Sightings.NONE.next(Set.of(STUCK, CHECKPOINT), NOW, GAP);
        Instant soon = NOW.plus(GAP);
        assertThat(first.next(Set.of(STUCK), soon, GAP).since()).isEqualTo(Map.of(STUCK, NOW));
        Instant late = soon.plusSeconds(1);
        assertThat(first.next(Set.of(STUCK, CHECKPOINT), late, GAP).since())
                .as("the id of a checkpoint stands for one checkpoint")
                .isEqualTo(Map.of(STUCK, late, CHECKPOINT, NOW));
        assertThat(first.next(Set.of(), soon, GAP).since()).isEmpty();
    }

    @Test
    void aTimeInTheFutureIsFromBeforeTheClockWasSetBack() {
        Instant earlier = NOW.minusSeconds(60);
        assertThat(Sightings.NONE
                        .next(Set.of(STUCK), NOW, GAP)
                        .next(Set.of(STUCK), earlier, GAP)
                        .since())
                .containsEntry(STUCK, earlier);
    }

    @Test
    void linesAreReadAgain() {
        Sightings sightings = Sightings.NONE.next(Set.of(STUCK, CHECKPOINT), NOW, GAP);
        assertThat(Sightings.read(sightings.lines())).isEqualTo(sightings);
        assertThat(Sightings.read(List.of(StateLine.of("volume")))).isNull();
        assertThat(Sightings.sayTheSame(null, new Sightings(NOW, Map.of()))).isTrue();
        assertThat(Sightings.sayTheSame(sightings, null)).isFalse();
    }

    @Test
    void aDamagedLineIsRefused() {
        StateLine line =
                StateLine.of("leftover").with("id", "1").with("since", NOW).with("last", NOW);
        assertThatIllegalArgumentException().isThrownBy(() -> Sightings.read(List.of(line.with("what", "ghost"))));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Sightings.read(List.of(StateLine.of("leftover").with("what", "checkpoint"))));
    }
}
