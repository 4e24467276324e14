package io.github.csvbackup.agent.cli.demo;

import io.github.csvbackup.agent.cli.demo.PrettyJson.LeftOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shortens answers for the console; a note says what is not shown. */
final class Shortening {
    /** The fields of a composite are unordered; readers want the important ones first. */
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

    /** Leaves out the copy of the request, other volumes, and checks that passed. */
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

    /** The items whose field has this value (or does not, if {@code equal} is false), and a note with the number of others. */
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
