package io.github.csvbackup.grafana;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.simple.JSONArray;
import org.json.simple.JSONObject;
import org.json.simple.parser.JSONParser;
import org.json.simple.parser.ParseException;

/** A dashboard's JSON. */
record Dashboard(JSONObject json) {
    static final Path FILE = Path.of("grafana", "dashboard.json");

    /** One query of a panel or of an annotation. */
    record Query(String where, String expression, JSONObject json) {
        /** The expression as Grafana sends it, with each variable's value; longer names first, since one may begin with another. */
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
            throw new IllegalArgumentException("The dashboard is no JSON: " + e, e);
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

    List<JSONObject> annotations() {
        return objects(object(json, "annotations").get("list"));
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JSONObject panel : panels()) {
            for (JSONObject target : objects(panel.get("targets"))) {
                queries.add(new Query(
                        panel.get("title") + " " + target.get("refId"), String.valueOf(target.get("expr")), target));
            }
        }
        for (JSONObject annotation : annotations()) {
            JSONObject target = object(annotation, "target");
            queries.add(new Query("annotation " + annotation.get("name"), String.valueOf(target.get("expr")), target));
        }
        return queries;
    }
}
