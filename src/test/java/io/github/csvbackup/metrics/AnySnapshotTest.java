package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.model.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Both formats are well formed, whatever the snapshot contains. */
class AnySnapshotTest {
    private static final int SNAPSHOTS = 500;
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern SAMPLE = Pattern.compile(
            "(" + NAME + "(?:\\{" + LABEL + "(?:," + LABEL + ")*\\})?) -?(?:[0-9.]+(?:E-?[0-9]+)?|NaN|[+]Inf)");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE|UNIT) (" + NAME + ") .+");

    @Test
    void rendersInBothFormats() {
        long seed = Seed.chosen();
        RandomSnapshots snapshots = new RandomSnapshots(seed);
        for (int i = 0; i < SNAPSHOTS; i++) {
            RandomSnapshots.Drawn drawn = snapshots.next();
            String what = "snapshot " + i + " of " + Seed.option(seed) + ": " + drawn;
            try (AgentMetrics metrics = drawn.scene().metrics) {
                check(what, metrics.scrape(ScrapeFormat.PLAIN).toString());
                String open =
                        metrics.scrape(ScrapeFormat.of(OPEN_METRICS, null)).toString();
                assertThat(open).as(what).endsWith("\n# EOF\n");
                check(what, open.substring(0, open.length() - "# EOF\n".length()));
            } catch (RuntimeException e) {
                throw new AssertionError(what, e);
            }
        }
    }

    private static void check(String what, String text) {
        assertThat(text).as(what).endsWith("\n");
        Set<String> seen = new HashSet<>();
        for (String line : List.of(text.substring(0, text.length() - 1).split("\n", -1))) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            assertThat(comment.matches() || sample.matches())
                    .as("a line is well formed: %s, in %s", line, what)
                    .isTrue();
            String once = comment.matches() ? comment.group(1) + " " + comment.group(2) : sample.group(1);
            assertThat(seen.add(once)).as("%s appears once, in %s", once, what).isTrue();
        }
    }
}
