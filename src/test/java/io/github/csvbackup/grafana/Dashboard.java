package io.github.csvbackup.grafana;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.json.simple.JSONArray;
import org.json.simple.JSONObject;
import org.json.simple.parser.JSONParser;
import org.json.simple.parser.ParseException;

/** A dashboard's JSON. */
record Dashboard(JSONObject json) {
    static final Path FILE = Path.of("grafana", "dashboard.json");

    /**
     * One query of a panel or of an annotation.
     *
     * @param json the target
     * @param owner its panel or annotation
     */
    record Query(String where, String expression, JSONObject json, JSONObject owner) {
        /** Whether Grafana sends a range query; otherwise it asks only for the current value. */
        boolean overARange() {
            return Boolean.TRUE.equals(json.get("range"));
        }

        /** The panel's minimum step; zero if it sets none. */
        Duration shortestStep() {
            return owner.get("interval") instanceof String interval
                    ? Duration.parse("PT" + interval.toUpperCase(Locale.ROOT))
                    : Duration.ZERO;
        }

        /** The expression as Grafana sends it, with the variables replaced; longer names first, because one name may be the prefix of another. */
        String with(Map<String, String> values) {
            String filled = expression;
            List<String> names = values.keySet().stream()
                    .sorted((a, b) -> Integer.compare(b.length(), a.length()))
                    .toList();
            for (String name : names) {
                filled = filled.replace("$" + name, values.get(name));
            }
            return filled;
        }
    }

    static Dashboard parse(String text) {
        try {
            return new Dashboard((JSONObject) new JSONParser().parse(text));
        } catch (ParseException e) {
            throw new IllegalArgumentException("The dashboard is not valid JSON: " + e, e);
        }
    }

    static String text() throws IOException {
        return Files.readString(FILE);
    }

    static List<JSONObject> objects(Object array) {
        List<JSONObject> objects = new ArrayList<>();
        if (array instanceof JSONArray items) {
            for (Object item : items) {
                objects.add((JSONObject) item);
            }
        }
        return objects;
    }

    static JSONObject object(JSONObject parent, String name) {
        return parent.get(name) instanceof JSONObject child ? child : new JSONObject();
    }

    List<JSONObject> rowsAndPanels() {
        return objects(json.get("panels"));
    }

    List<JSONObject> panels() {
        return rowsAndPanels().stream()
                .filter(panel -> !"row".equals(panel.get("type")))
                .toList();
    }

    List<JSONObject> variables() {
        return objects(object(json, "templating").get("list"));
    }

    /** The value of each variable while All is selected. */
    Map<String, String> all() {
        Map<String, String> values = new HashMap<>();
        for (JSONObject variable : variables()) {
            if (variable.get("allValue") instanceof String value) {
                values.put((String) variable.get("name"), value);
            }
        }
        return values;
    }

    List<JSONObject> annotations() {
        return objects(object(json, "annotations").get("list"));
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JSONObject panel : panels()) {
            for (JSONObject target : objects(panel.get("targets"))) {
                queries.add(new Query(
                        panel.get("title") + " " + target.get("refId"),
                        String.valueOf(target.get("expr")),
                        target,
                        panel));
            }
        }
        for (JSONObject annotation : annotations()) {
            JSONObject target = object(annotation, "target");
            queries.add(new Query(
                    "annotation " + annotation.get("name"), String.valueOf(target.get("expr")), target, annotation));
        }
        return queries;
    }
}
