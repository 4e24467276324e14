package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Prometheus' own judgement of the metrics: names, help texts, types. */
class PromtoolIT {
    @Test
    void promtoolFindsNothingToCriticise() throws Exception {
        Process promtool;
        try {
            promtool = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            missing();
            return;
        }
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(new Scene().metrics.scrape(null).text().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    private static void missing() {
        String sentence = "promtool is not on the PATH, so the metrics were not checked.";
        if ("true".equals(System.getenv("CI"))) {
            fail(sentence);
        }
        abort(sentence);
    }
}
