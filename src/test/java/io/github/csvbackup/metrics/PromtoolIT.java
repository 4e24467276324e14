package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.model.Seed;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Prometheus' own check of the metrics: names, help texts, types. */
class PromtoolIT {
    @Test
    void promtoolFindsNothingToCriticise() throws Exception {
        check("the scene", new Scene().metrics);
    }

    @Test
    void promtoolReadsWhateverAClusterSays() throws Exception {
        long seed = Seed.chosen();
        RandomSnapshots snapshots = new RandomSnapshots(seed);
        for (int i = 0; i < 20; i++) {
            RandomSnapshots.Drawn drawn = snapshots.next();
            check("snapshot " + i + " of " + Seed.option(seed) + ": " + drawn, drawn.scene().metrics);
        }
    }

    private static void check(String what, AgentMetrics metrics) throws Exception {
        Process promtool = new ProcessBuilder(
                        RealPart.program("Debian's package prometheus", "promtool"), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (metrics;
                OutputStream in = promtool.getOutputStream()) {
            in.write(metrics.scrape(ScrapeFormat.PLAIN).toString().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as("%s: %s", what, said).isZero();
        assertThat(said).as(what).isEmpty();
    }
}
