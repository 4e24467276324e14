package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Our files with short times, so that the test plays a story of half a day in two minutes. Only times and this machine's addresses change;
 * promtool tests the rules with the real times. The test fails if a pattern no longer occurs, because then the file has changed.
 */
final class ShortTimes {
    private record Change(String pattern, String replacement) {}

    private ShortTimes() {}

    /** {@code for} becomes 2 s, two hours of a stale state 20 s, twelve hours of a live one 8 s, five minutes without a poll 10 s. */
    static String rules(String text) {
        return changed(
                text,
                new Change("(?m)^( +)for: \\w+$", "$1for: 2s"),
                new Change("keep_firing_for: (15|30)m", "keep_firing_for: 4s"),
                new Change("> 2 \\* 3600", "> 20"),
                new Change("> 12 \\* 3600", "> 8"),
                new Change("\\[12h]", "[8s]"),
                new Change("< 300", "< 10"),
                new Change("> 300", "> 10"));
    }

    static String prometheus(String text, String alertmanager) {
        return changed(
                text,
                new Change("scrape_interval: 30s", "scrape_interval: 1s"),
                new Change("evaluation_interval: 30s", "evaluation_interval: 1s"),
                new Change("localhost:9093", alertmanager));
    }

    static String alertmanager(String text, String receiver) {
        return changed(
                text,
                new Change("group_wait: 30s", "group_wait: 1s"),
                new Change("group_interval: 5m", "group_interval: 1s"),
                new Change("127\\.0\\.0\\.1:9095", receiver));
    }

    /** A query of the dashboard; its minutes become seconds. */
    static String query(String expression) {
        return expression.replace("[30d:1m]", "[10m:1s]");
    }

    private static String changed(String text, Change... changes) {
        String changed = text;
        for (Change change : List.of(changes)) {
            String next = changed.replaceAll(change.pattern(), change.replacement());
            assertThat(next).as("the file has %s", change.pattern()).isNotEqualTo(changed);
            changed = next;
        }
        return changed;
    }
}
