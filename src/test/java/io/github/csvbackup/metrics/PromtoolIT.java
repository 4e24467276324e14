package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Prometheus' own judgement of the metrics: names, help texts, types. */
class PromtoolIT {
    @Test
    void promtoolFindsNothingToCriticise() throws Exception {
        Process promtool = new ProcessBuilder(
                        RealPart.program("Debian's package prometheus", "promtool"), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(new Scene().metrics.scrape(null).text().toString().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }
}
