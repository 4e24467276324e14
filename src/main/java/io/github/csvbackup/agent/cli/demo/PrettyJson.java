package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON, keeping its order, and writes it indented. */
final class PrettyJson {
    private PrettyJson() {}

    /** A placeholder for what is not shown. */
    record LeftOut(String what) {}

    static Map<?, ?> object(String text) throws IOException {
        try {
            if (Json.read(text) instanceof Map<?, ?> map) {
                return map;
            }
            throw new IOException("the answer is not a JSON object: " + text);
        } catch (JsonException e) {
            throw new IOException("the answer is not JSON: " + text, e);
        }
    }

    static String oneLine(Map<String, Object> object) {
        return Json.write(object);
    }

    static String pretty(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, "  ");
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value, String indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            List<String> lines = new ArrayList<>();
            map.forEach((key, item) -> lines.add(
                    item instanceof LeftOut leftOut
                            ? "... " + leftOut.what()
                            : scalar(String.valueOf(key)) + ": " + nested(item, indent)));
            block(out, '{', lines, '}', indent);
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            List<String> lines = new ArrayList<>();
            list.forEach(item ->
                    lines.add(item instanceof LeftOut leftOut ? "... " + leftOut.what() : nested(item, indent)));
            block(out, '[', lines, ']', indent);
        } else {
            out.append(scalar(value));
        }
    }

    private static String nested(@Nullable Object value, String indent) {
        StringBuilder out = new StringBuilder();
        append(out, value, indent + "  ");
        return out.toString();
    }

    private static void block(StringBuilder out, char open, List<String> lines, char close, String indent) {
        out.append(open).append('\n').append(indent);
        out.append(String.join(",\n" + indent, lines));
        out.append('\n').append(indent, 0, indent.length() - 2).append(close);
    }

    private static String scalar(@Nullable Object value) {
        return Json.write(value);
    }
}
