package io.github.csvbackup.http;

import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.Exposition;
import java.util.Map;

/** Answers with the metrics, or 503 with the reason if the metrics library does not start. */
public final class MetricsEndpoint implements Endpoint {
    private final AgentMetrics metrics;
    private final SharedScrapes shared = new SharedScrapes(System::nanoTime);

    public MetricsEndpoint(AgentMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Reply answer(Request request) {
        try {
            Exposition exposition = shared.get(
                    AgentMetrics.prefersOpenMetrics(request.accept()), () -> metrics.scrape(request.accept()));
            return new Reply(200, exposition.contentType(), exposition.text(), Map.of());
        } catch (IllegalStateException e) {
            return Reply.text(503, String.valueOf(e.getMessage()));
        }
    }
}
