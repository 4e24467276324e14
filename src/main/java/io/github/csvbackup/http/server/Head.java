package io.github.csvbackup.http.server;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request.
 *
 * @param method as sent, such as {@code GET}
 * @param uri path and query; never an authority
 * @param host the Host header; null only in HTTP/1.0
 * @param minorVersion 1 for HTTP/1.1, 0 for HTTP/1.0
 * @param headers by name in lower case
 * @param length length of the body in bytes; -1 if it is chunked
 */
public record Head(
        String method,
        URI uri,
        @Nullable String host,
        int minorVersion,
        Map<String, List<String>> headers,
        long length) {

    /** The first header with that name, or null. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /** All headers with that name, joined as a list (RFC 9110, 5.3); null if there is none. */
    public @Nullable String joined(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : String.join(", ", values);
    }

    boolean hasBody() {
        return length != 0;
    }

    boolean isChunked() {
        return length < 0;
    }

    boolean expectsContinue() {
        return minorVersion > 0 && headers.containsKey("expect");
    }

    /** Whether the connection stays open (RFC 9112, 9.3). */
    boolean keepsConnection() {
        return minorVersion > 0 ? !connectionSays("close") : connectionSays("keep-alive");
    }

    private boolean connectionSays(String option) {
        String connection = joined("connection");
        return connection != null
                && Stream.of(connection)
                        .flatMap(text -> Arrays.stream(text.split(",", -1)))
                        .anyMatch(each -> each.strip().equalsIgnoreCase(option));
    }
}
