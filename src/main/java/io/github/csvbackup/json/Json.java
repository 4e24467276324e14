package io.github.csvbackup.json;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jolokia.shaded.org.json.simple.parser.ContainerFactory;
import org.jolokia.shaded.org.json.simple.parser.JSONParser;
import org.jolokia.shaded.org.json.simple.parser.ParseException;
import org.jspecify.annotations.Nullable;

/** Writes JSON on one line in ASCII, and reads JSON in its order. Values are strings, numbers, booleans, null, lists and maps. */
public final class Json {
    private Json() {}

    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    /**
     * Parses a {@code String}, {@code Long}, {@code Double}, {@code Boolean}, null, {@code List} or {@code Map}. The keys of a map are strings in the
     * order of the text.
     *
     * @throws JsonException if the text is not one JSON value
     */
    public static @Nullable Object read(String text) throws JsonException {
        try {
            return new JSONParser().parse(text, new Ordered());
        } catch (ParseException | NumberFormatException e) {
            // The latter is thrown for an integer that does not fit into 64 bits.
            throw new JsonException("not JSON: " + e, e);
        }
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                text(out, String.valueOf(entry.getKey()));
                out.append(':');
                append(out, entry.getValue());
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
                append(out, items.next());
                out.append(items.hasNext() ? "," : "");
            }
            out.append(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value == null) {
            out.append("null");
        } else {
            text(out, value.toString());
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static final class Ordered implements ContainerFactory {
        @Override
        public Map<?, ?> createObjectContainer() {
            return new LinkedHashMap<>();
        }

        @Override
        public List<?> creatArrayContainer() {
            return new ArrayList<>();
        }
    }
}
