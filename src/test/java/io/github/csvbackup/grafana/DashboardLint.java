package io.github.csvbackup.grafana;

import io.github.csvbackup.grafana.Dashboard.Query;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.simple.JSONObject;

/**
 * The rules of Grafana's dashboard linter, and rules for queries on our metrics. Each violation is reported as one sentence.
 *
 * <p>These rules of the linter do not apply here: every query has the matchers job and instance (recorded series do not have these labels);
 * All of the variable job is {@code .+} ({@code up} would then count the targets of other jobs, and without a custom value All would be
 * empty while no agent responds); every range is {@code $__rate_interval} (some panels use the selected time range or 30 days). All of
 * cluster and volume is {@code .*}, because these labels may be missing or empty.
 */
final class DashboardLint {
    private static final List<String> VARIABLES = List.of("datasource", "cluster", "job", "instance", "volume");
    private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__rate_interval_ms", "__range");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Pattern RANGE_OF_COUNTER =
            Pattern.compile("\\b(?:rate|irate|increase)\\([^\\[\\]]*\\[([^]]*)]");
    /** Metrics that every agent reports for the same volume. */
    private static final Pattern COUNTED_TWICE = Pattern.compile(
            "\\b(?:sum|count|avg)(?: by \\([^)]*\\))? ?\\((?:rate\\(|increase\\()?csv_backup_"
                    + "(?:in_progress|stale|state|verdict|volume|duration_seconds|stale_detected|abandoned_detected|observed)");

    private static final Pattern SELECTOR =
            Pattern.compile("\\b(?:up|(?:\\w+:)?csv_backup_\\w+(?::\\w+)?)(\\{[^}]*})?");
    /** Metrics of agents: a matcher for the label volume, which they do not have, finds nothing. */
    private static final Pattern OF_AN_AGENT = Pattern.compile(
            "\\bcsv_backup_(?:duration_seconds|clear_requests|forced_clears|suspect_clears|node_redirected|volumes|hyper_v)\\w*\\{[^}]*volume=");

    private static final String JOINED = "group_left";
    /** An empty panel may mean missing data, so its text must not claim that everything is fine. */
    private static final Pattern MODEST = Pattern.compile("no agent|no targets|reported|not known");
    /** Panels that show one number per series. */
    private static final Set<String> ONE_NUMBER = Set.of("stat", "bargauge");
    /** Four scrapes. $__rate_interval is never shorter, so with shorter steps one event would count in several points. */
    private static final Duration SHORTEST_STEP = Duration.ofMinutes(2);

    private final Dashboard dashboard;
    private final List<String> faults = new ArrayList<>();

    private DashboardLint(Dashboard dashboard) {
        this.dashboard = dashboard;
    }

    static List<String> faults(Dashboard dashboard) {
        DashboardLint lint = new DashboardLint(dashboard);
        lint.whole();
        lint.variables();
        lint.layout();
        dashboard.panels().forEach(lint::panel);
        dashboard
                .annotations()
                .forEach(annotation -> lint.datasource("annotation " + annotation.get("name"), annotation));
        dashboard.queries().forEach(lint::query);
        return List.copyOf(lint.faults);
    }

    private void when(boolean fault, String sentence) {
        if (fault) {
            faults.add(sentence);
        }
    }

    private static boolean blank(Object text) {
        return !(text instanceof String string) || string.isBlank();
    }

    private void whole() {
        JSONObject json = dashboard.json();
        when(!"csv-backup-agent".equals(json.get("uid")), "The uid is " + json.get("uid"));
        when(!Objects.equals(json.get("schemaVersion"), 42L), "The schema version is " + json.get("schemaVersion"));
        when(json.containsKey("__inputs") || json.containsKey("__requires"), "There are __inputs or __requires");
        when(json.containsKey("id"), "It has the id of a Grafana database");
        when(dashboard.panels().isEmpty(), "There is no panel");
        when(!Boolean.FALSE.equals(json.get("editable")), "It is editable in Grafana, without review of the file");
    }

    private void variables() {
        List<Object> names =
                dashboard.variables().stream().map(v -> v.get("name")).toList();
        when(!names.equals(VARIABLES), "The variables are " + names);
        for (JSONObject variable : dashboard.variables()) {
            String name = "variable " + variable.get("name");
            when(blank(variable.get("label")), name + " has no label");
            if ("query".equals(variable.get("type"))) {
                datasource(name, variable);
                when(!Boolean.TRUE.equals(variable.get("multi")), name + " does not allow several values");
                when(!Boolean.TRUE.equals(variable.get("includeAll")), name + " has no All");
                when(blank(variable.get("allValue")), name + " has no value for All while no agent responds");
                when(
                        !Objects.equals(variable.get("refresh"), 2L),
                        name + " is not refreshed when the time range changes");
            }
        }
    }

    private void layout() {
        Set<Object> ids = new HashSet<>();
        Set<Long> taken = new HashSet<>();
        String row = null;
        for (JSONObject panel : dashboard.rowsAndPanels()) {
            String title = String.valueOf(panel.get("title"));
            when(!ids.add(panel.get("id")), title + ": another panel has the same id");
            if ("row".equals(panel.get("type"))) {
                row = title;
            }
            when(row == null, title + " is in no row");
            JSONObject place = Dashboard.object(panel, "gridPos");
            boolean free = true;
            for (long y = number(place, "y"); y < number(place, "y") + number(place, "h"); y++) {
                for (long x = number(place, "x"); x < number(place, "x") + number(place, "w"); x++) {
                    free &= x < 24 && taken.add(y * 1000 + x);
                }
            }
            when(!free, title + " overlaps another panel or the edge");
        }
    }

    private static long number(JSONObject place, String name) {
        return place.get(name) instanceof Long number ? number : 0;
    }

    private void panel(JSONObject panel) {
        String title = "panel " + panel.get("title");
        JSONObject defaults = Dashboard.object(Dashboard.object(panel, "fieldConfig"), "defaults");
        datasource(title, panel);
        when(blank(panel.get("title")), title + " has no title");
        when(blank(panel.get("description")), title + " has no description");
        when(blank(defaults.get("unit")), title + " has no unit");
        when(blank(defaults.get("noValue")), title + " has no text for an empty panel");
        when(
                !MODEST.matcher(String.valueOf(defaults.get("noValue"))).find(),
                title + " reports missing data as healthy: " + defaults.get("noValue"));
        List<JSONObject> targets = Dashboard.objects(panel.get("targets"));
        when(targets.isEmpty(), title + " has no target");
        Set<Object> refs = new HashSet<>();
        for (JSONObject target : targets) {
            datasource(title, target);
            when(!refs.add(target.get("refId")), title + " uses a refId twice");
            when(
                    ONE_NUMBER.contains(String.valueOf(panel.get("type")))
                            && (Boolean.TRUE.equals(target.get("range"))
                                    || !Boolean.TRUE.equals(target.get("instant"))),
                    title + " shows the last value of the time range, however old, as the current value");
        }
    }

    private void datasource(String what, JSONObject of) {
        JSONObject datasource = Dashboard.object(of, "datasource");
        when(
                !datasource.equals(Map.of("type", "prometheus", "uid", "${datasource}")),
                what + " does not use the variable datasource");
    }

    private void query(Query query) {
        String where = query.where();
        String expression = query.expression();
        when(blank(query.json().get("expr")), where + " has no expression");
        for (Matcher used = VARIABLE.matcher(expression); used.find(); ) {
            String name = used.group(1);
            when(!VARIABLES.contains(name) && !BUILT_IN.contains(name), where + " uses the unknown variable " + name);
        }
        for (Matcher range = RANGE_OF_COUNTER.matcher(expression); range.find(); ) {
            when(
                    !Set.of("$__rate_interval", "$__range", "30d").contains(range.group(1)),
                    where + " uses a rate over " + range.group(1));
        }
        when(COUNTED_TWICE.matcher(expression).find(), where + " counts a volume once per agent");
        when(OF_AN_AGENT.matcher(expression).find(), where + " selects a volume in a metric that has none");
        when(
                query.json().containsKey("interval"),
                where + " sets its own minimum step, which also changes $__rate_interval: set the panel's instead");
        if (query.overARange()
                && expression.contains("increase(")
                && dashboard.panels().contains(query.owner())) {
            when(query.shortestStep().compareTo(SHORTEST_STEP) < 0, where + " counts an event in several points");
            Object decimals = Dashboard.object(Dashboard.object(query.owner(), "fieldConfig"), "defaults")
                    .get("decimals");
            when(Objects.equals(decimals, 0L), where + " rounds extrapolated values to a wrong count");
        }
        for (Matcher selector = SELECTOR.matcher(expression); selector.find(); ) {
            boolean joined = expression.substring(0, selector.start()).endsWith(") ")
                    && expression.substring(0, selector.start()).contains(JOINED)
                    && selector.group().startsWith("instance_backend:");
            String labels = selector.group(1) == null ? "" : selector.group(1);
            when(
                    !joined && !labels.contains("cluster=~\"$cluster\""),
                    where + " does not follow the variable cluster in " + selector.group());
        }
    }
}
