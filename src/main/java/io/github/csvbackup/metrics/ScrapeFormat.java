package io.github.csvbackup.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The format of a scrape.
 *
 * @param openMetrics true for OpenMetrics 1.0.0, false for Prometheus text 0.0.4
 * @param gzip true for one member of a gzip file, false for the text itself
 */
public record ScrapeFormat(boolean openMetrics, boolean gzip) {
    /** Prometheus text that is not compressed, for a client that asks for nothing. */
    public static final ScrapeFormat PLAIN = new ScrapeFormat(false, false);

    /**
     * What a client prefers.
     *
     * @param accept the request's Accept header; null if there is none
     * @param acceptEncoding the request's Accept-Encoding header; null if there is none
     */
    public static ScrapeFormat of(@Nullable String accept, @Nullable String acceptEncoding) {
        return new ScrapeFormat(AcceptHeader.prefersOpenMetrics(accept), AcceptEncoding.prefersGzip(acceptEncoding));
    }

    /** The value of the header Content-Type. */
    public String contentType() {
        return MetricsText.contentType(openMetrics);
    }
}
