package io.github.csvbackup.metrics;

import io.github.csvbackup.text.PiecedText;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes metrics as text in one of the two formats. */
final class MetricsText {
    /** The last line of OpenMetrics. */
    private static final long END_BYTES = "# EOF\n".getBytes(StandardCharsets.US_ASCII).length;

    private MetricsText() {}

    static String contentType(boolean openMetrics) {
        return openMetrics ? OpenMetricsTextFormatWriter.CONTENT_TYPE : PrometheusTextFormatWriter.CONTENT_TYPE;
    }

    /** The whole text. */
    static PiecedText of(MetricSnapshots metrics, boolean openMetrics) {
        PiecedText.Builder out = new PiecedText.Builder();
        try {
            if (openMetrics) {
                OpenMetricsTextFormatWriter.create().write(out, metrics);
            } else {
                PrometheusTextFormatWriter.create().write(out, metrics);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.build();
    }

    /** The text to which that of other metrics is appended: without the line that ends OpenMetrics. */
    static PiecedText startOf(MetricSnapshots metrics, boolean openMetrics) {
        PiecedText whole = of(metrics, openMetrics);
        return openMetrics ? whole.start(whole.length() - END_BYTES) : whole;
    }
}
