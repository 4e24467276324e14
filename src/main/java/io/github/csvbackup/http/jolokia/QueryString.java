package io.github.csvbackup.http.jolokia;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a request's address, as Jolokia takes them: its processing parameters, and {@code p} for the path of a GET request. */
final class QueryString {
    private QueryString() {}

    /**
     * Names and values, decoded; a name without a value has an empty one.
     *
     * @throws IllegalArgumentException with a sentence, if an escape is damaged
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
                    "The query string holds a damaged escape in \"" + text + "\"; write % as %25.", e);
        }
    }
}
