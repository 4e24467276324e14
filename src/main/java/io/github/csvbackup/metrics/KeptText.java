package io.github.csvbackup.metrics;

import io.github.csvbackup.text.DeflatedText;
import io.github.csvbackup.text.PiecedText;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text of the series about volumes. It is kept until something in it changes, in the formats that clients ask for, and shared by all clients.
 * Thread-safe.
 */
final class KeptText {
    private final Function<VolumeFacts, MetricSnapshots> series;
    private final Map<Boolean, PiecedText> plain = new HashMap<>();
    private final Map<Boolean, DeflatedText> deflated = new HashMap<>();
    private @Nullable VolumeFacts facts;

    KeptText(Function<VolumeFacts, MetricSnapshots> series) {
        this.series = series;
    }

    /**
     * The text of these facts, and then another one.
     *
     * @param rest the series that are new at each scrape
     */
    PiecedText with(VolumeFacts now, PiecedText rest, ScrapeFormat format) {
        return format.gzip()
                ? deflated(now, format.openMetrics()).gzipWith(rest)
                : PiecedText.join(List.of(plain(now, format.openMetrics()), rest));
    }

    private synchronized DeflatedText deflated(VolumeFacts now, boolean openMetrics) {
        forgetOther(now);
        return deflated.computeIfAbsent(openMetrics, key -> {
            PiecedText known = plain.get(key);
            return DeflatedText.of(known == null ? make(now, key) : known);
        });
    }

    private synchronized PiecedText plain(VolumeFacts now, boolean openMetrics) {
        forgetOther(now);
        return plain.computeIfAbsent(openMetrics, key -> make(now, key));
    }

    private void forgetOther(VolumeFacts now) {
        if (!now.equals(facts)) {
            plain.clear();
            deflated.clear();
            facts = now;
        }
    }

    private PiecedText make(VolumeFacts now, boolean openMetrics) {
        return MetricsText.startOf(series.apply(now), openMetrics);
    }
}
