package io.github.csvbackup.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the HTTP server's responses and rejections. Counting does not load the Prometheus client library. Thread-safe. */
public final class HttpCounts {
    private record Answered(String handler, int code) implements Comparable<Answered> {
        @Override
        public int compareTo(Answered other) {
            int byHandler = handler.compareTo(other.handler);
            return byHandler != 0 ? byHandler : Integer.compare(code, other.code);
        }
    }

    private final Map<Answered, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> rejections = new ConcurrentSkipListMap<>();

    /**
     * Counts a response.
     *
     * @param handler the part of the server that responded, such as {@code metrics}
     */
    public void request(String handler, int code) {
        requests.computeIfAbsent(new Answered(handler, code), key -> new LongAdder())
                .increment();
    }

    /**
     * Counts a rejection.
     *
     * @param reason one of a few fixed words
     */
    public void rejection(String reason) {
        rejections.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }

    MultiCollector collector() {
        return () -> {
            CounterSnapshot.Builder answered = CounterSnapshot.builder()
                    .name("csv_backup_http_requests")
                    .help("HTTP requests by handler and status code");
            requests.forEach((key, count) -> answered.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(Labels.of("handler", key.handler(), "code", Integer.toString(key.code())))
                    .value((double) count.sum())
                    .build()));
            CounterSnapshot.Builder rejected = CounterSnapshot.builder()
                    .name("csv_backup_http_rejections")
                    .help("Rejected HTTP requests, by reason");
            rejections.forEach((reason, count) -> rejected.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(Labels.of("reason", reason))
                    .value((double) count.sum())
                    .build()));
            return MetricSnapshots.of(answered.build(), rejected.build());
        };
    }
}
