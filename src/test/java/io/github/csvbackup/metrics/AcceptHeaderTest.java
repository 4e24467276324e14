package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptHeaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text",
                "Application/OpenMetrics-Text; version=1.0.0; charset=utf-8",
                "application/openmetrics-text;version=\"1.0.0\";q=0.5,text/plain;q=0.4",
                // Prometheus 2.42, and Prometheus 3.
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "application/openmetrics-text;q=0.001,text/plain;q=0",
                "application/openmetrics-text, */*",
                "application/openmetrics-text, text/plain",
                "application/*",
                "text/plain;q=0, */*;q=0.1"
            })
    void openMetricsIsPreferred(String header) {
        assertThat(AcceptHeader.prefersOpenMetrics(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/plain",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text; q=0.000, */*",
                "application/openmetrics-text;q=0.4,text/plain;q=0.5",
                "application/openmetrics-text;q=0.4,text/*;q=0.5",
                "application/openmetrics-text;q=0.4,*/*;q=0.5",
                "text/plain, application/openmetrics-text",
                "application/openmetrics-text;version=2.0.0",
                "application/openmetrics-text;version=2.0.0,text/plain;q=0.1",
                // A browser.
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/json",
                "text/plain;q=0, application/openmetrics-text;q=0",
                "application/openmetrics-text;q=high, text/plain;q=0.1",
                "application/openmetrics-text;q=-1, text/plain;q=0.1",
                "application/openmetrics-text;q=1e1, text/plain;q=0.1",
                ";;;,,;q="
            })
    void theTextFormatIsPreferred(String header) {
        assertThat(AcceptHeader.prefersOpenMetrics(header)).isFalse();
    }

    @Test
    void withoutAHeaderItIsTheTextFormat() {
        assertThat(AcceptHeader.prefersOpenMetrics(null)).isFalse();
    }
}
