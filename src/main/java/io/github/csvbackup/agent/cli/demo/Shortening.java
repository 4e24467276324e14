package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.PrettyJson.LeftOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes answers short enough for a console; whatever is not shown is named. */
final class Shortening {
    /** Composites arrive in no order; a reader wants the main thing first. */
    private static final List<String> FIRST = List.of(
            "volume",
            "outcome",
            "verdict",
            "message",
            "backupState",
            "stale",
            "since",
            "observedForSeconds",
            "name",
            "result",
            "seen",
            "remedy");

    private Shortening() {}

    /** Leaves out the echo of the request, volumes other than that one, and checks that passed. */
    static Map<String, Object> of(Map<?, ?> answer, String volume) {
        Map<String, Object> shortened = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        answer.forEach((key, value) -> {
            if (key.equals("request") || key.equals("timestamp")) {
                leftOut.add(String.valueOf(key));
            } else if (value != null) {
                shortened.put(String.valueOf(key), value(value, volume));
            }
        });
        if (!leftOut.isEmpty()) {
            shortened.put("...", new LeftOut("left out: " + String.join(", ", leftOut)));
        }
        return shortened;
    }

    private static Object value(Object value, String volume) {
        if (value instanceof List<?> list) {
            return kept(list, "volume", volume, true, "more volumes");
        }
        if (value instanceof Map<?, ?> map && map.get("checks") instanceof List<?> checks) {
            Map<Object, @Nullable Object> copy = ordered(map);
            copy.remove("checks");
            copy.put("checks", kept(checks, "result", "PASSED", false, "more checks, all PASSED"));
            return copy;
        }
        return value;
    }

    /** The items whose field has that value, or has not, and a note of how many others there are. */
    private static List<Object> kept(List<?> items, String field, String value, boolean equal, String others) {
        List<Object> kept = new ArrayList<>();
        for (Object item : items) {
            boolean hasIt = item instanceof Map<?, ?> map && value.equals(map.get(field));
            if (hasIt == equal) {
                kept.add(item instanceof Map<?, ?> map ? ordered(map) : item);
            }
        }
        int rest = items.size() - kept.size();
        if (rest > 0) {
            kept.add(new LeftOut(rest + " " + others));
        }
        return kept;
    }

    private static Map<Object, @Nullable Object> ordered(Map<?, ?> map) {
        Map<Object, @Nullable Object> ordered = new LinkedHashMap<>();
        for (String key : FIRST) {
            if (map.containsKey(key)) {
                ordered.put(key, map.get(key));
            }
        }
        map.forEach(ordered::putIfAbsent);
        return ordered;
    }
}
