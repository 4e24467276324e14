package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.text.PiecedText;
import io.github.csvbackup.watch.DurationHistogram;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The text is made once for all that is the same. */
class KeptTextTest {
    private static final ScrapeFormat OPEN_METRICS = new ScrapeFormat(true, false);
    private static final ScrapeFormat GZIP = new ScrapeFormat(false, true);
    private static final PiecedText REST = PiecedText.of("rest\n");

    private final List<Long> made = new ArrayList<>();
    private final KeptText kept = new KeptText(facts -> {
        made.add(facts.unreadable());
        return MetricSnapshots.of(GaugeSnapshot.builder()
                .name("unreadable")
                .dataPoint(Points.point(new Points("windows").labels(), (double) facts.unreadable()))
                .build());
    });

    private static VolumeFacts facts(long unreadable) {
        return new VolumeFacts(
                "NODE1",
                Set.of(),
                List.of(),
                List.of(),
                null,
                DurationHistogram.EMPTY,
                new ClearCounts(Map.of(), Map.of(), Map.of(), 0, 0, ClearTimes.NONE),
                Map.of(),
                unreadable,
                0,
                Leftovers.none(Leftovers.Answer.OFF));
    }

    @Test
    void equalFactsHaveOneText() {
        String first = kept.with(facts(1), REST, ScrapeFormat.PLAIN).toString();

        assertThat(first).isEqualTo("# TYPE unreadable gauge\nunreadable{backend=\"windows\"} 1.0\nrest\n");
        assertThat(kept.with(facts(1), REST, ScrapeFormat.PLAIN).toString()).isEqualTo(first);
        kept.with(facts(1), REST, GZIP);
        kept.with(facts(1), REST, GZIP);
        assertThat(made).as("the deflated text is made from the plain one").containsExactly(1L);
    }

    @Test
    void whoeverAsksForGzipAloneKeepsNoPlainText() {
        kept.with(facts(1), REST, GZIP);
        kept.with(facts(1), REST, GZIP);
        assertThat(made).containsExactly(1L);
        kept.with(facts(1), REST, ScrapeFormat.PLAIN);
        assertThat(made).as("it is made when it is asked for").containsExactly(1L, 1L);
    }

    @Test
    void eachFormatIsMadeWhenItIsAskedFor() {
        kept.with(facts(1), REST, GZIP);
        assertThat(kept.with(facts(1), REST, OPEN_METRICS).toString())
                .isEqualTo("# TYPE unreadable gauge\nunreadable{backend=\"windows\"} 1.0\nrest\n");
        kept.with(facts(1), REST, new ScrapeFormat(true, true));
        kept.with(facts(1), REST, GZIP);
        assertThat(made).containsExactly(1L, 1L);
    }

    @Test
    void otherFactsHaveAnotherText() {
        kept.with(facts(1), REST, ScrapeFormat.PLAIN);
        assertThat(kept.with(facts(2), REST, ScrapeFormat.PLAIN).toString()).contains(" 2.0\n");
        assertThat(kept.with(facts(1), REST, ScrapeFormat.PLAIN).toString()).contains(" 1.0\n");
        assertThat(made).containsExactly(1L, 2L, 1L);
    }
}
