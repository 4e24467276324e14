package io.github.csvbackup.http;

import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.Exposition;
import java.util.Map;

/** The metrics; 503 with the reason if the client library does not start. */
public record MetricsEndpoint(AgentMetrics metrics) implements Endpoint {
    @Override
    public Reply answer(Request request) {
        try {
            Exposition exposition = metrics.scrape(request.accept());
            return new Reply(200, exposition.contentType(), exposition.text(), Map.of());
        } catch (IllegalStateException e) {
            return Reply.text(503, String.valueOf(e.getMessage()));
        }
    }
}
