package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "x-gzip",
                "deflate, gzip",
                "gzip;q=0.5",
                "gzip; q=0.5, identity;q=0.5",
                "*",
                "identity;q=0, *;q=0.1",
                "br;q=1.0, gzip;q=0.8, *;q=0.1",
                "gzip;q=0.4, identity;q=0.3, *;q=0.5"
            })
    void gzip(String header) {
        assertThat(AcceptEncoding.prefersGzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "deflate",
                "gzip;q=0",
                "gzip;q=0, *",
                "*;q=0",
                "gzip;q=0.4, identity;q=0.5",
                "gzip;q=0.4, *;q=0.5",
                "gzip;q=wrong",
                "gzipped"
            })
    void noCoding(String header) {
        assertThat(AcceptEncoding.prefersGzip(header)).isFalse();
    }

    @Test
    void withoutAHeaderNoCoding() {
        assertThat(AcceptEncoding.prefersGzip(null)).isFalse();
    }
}
