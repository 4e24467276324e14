package io.github.csvbackup.http.jolokia;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The query parameters of a request: Jolokia's processing parameters, and {@code p} for the path of a GET request. */
final class QueryString {
    private QueryString() {}

    /**
     * Decoded names and values. A parameter without a value has an empty text.
     *
     * @throws IllegalArgumentException if an escape is malformed
     */
    static Map<String, String[]> parameters(URI uri) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        if (query != null) {
            for (String part : query.split("&", -1)) {
                int equals = part.indexOf('=');
                String name = decoded(equals < 0 ? part : part.substring(0, equals));
                if (!name.isEmpty()) {
                    values.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(equals < 0 ? "" : decoded(part.substring(equals + 1)));
                }
            }
        }
        Map<String, String[]> parameters = new LinkedHashMap<>();
        values.forEach((name, all) -> parameters.put(name, all.toArray(new String[0])));
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Malformed escape in \"" + text + "\" of the query string. Write % as %25.", e);
        }
    }
}
