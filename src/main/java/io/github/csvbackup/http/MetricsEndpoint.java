package io.github.csvbackup.http;

import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.ScrapeFormat;
import io.github.csvbackup.text.PiecedText;
import java.util.Map;

/** Answers with the metrics, or 503 with the reason if the metrics library does not start. */
public final class MetricsEndpoint implements Endpoint {
    private static final Map<String, String> PLAIN = Map.of("Vary", "Accept, Accept-Encoding");
    private static final Map<String, String> GZIP =
            Map.of("Vary", "Accept, Accept-Encoding", "Content-Encoding", "gzip");

    private final AgentMetrics metrics;
    private final SharedScrapes shared = new SharedScrapes(System::nanoTime);

    public MetricsEndpoint(AgentMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Reply answer(Request request) {
        ScrapeFormat format = ScrapeFormat.of(request.accept(), request.acceptEncoding());
        try {
            PiecedText text = shared.get(format, () -> metrics.scrape(format));
            return new Reply(200, format.contentType(), text, format.gzip() ? GZIP : PLAIN);
        } catch (IllegalStateException e) {
            return Reply.text(503, String.valueOf(e.getMessage()));
        }
    }
}
