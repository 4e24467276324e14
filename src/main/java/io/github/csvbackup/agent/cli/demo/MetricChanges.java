package io.github.csvbackup.agent.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is different between two scrapes. */
final class MetricChanges {
    private MetricChanges() {}

    /** The series of a volume whose value changed or that are new, in the later scrape's order, the old value behind them. */
    static List<String> between(String before, String after, String volume) {
        Map<String, String> old = series(before);
        String label = "volume=\"" + volume.replace("\\", "\\\\") + "\"";
        List<String> changes = new ArrayList<>();
        series(after).forEach((name, value) -> {
            String was = old.get(name);
            if (name.contains(label) && !name.contains("_bucket{") && !value.equals(was)) {
                changes.add(name + " " + value + "   (was " + (was == null ? "absent" : was) + ")");
            }
        });
        return changes;
    }

    private static Map<String, String> series(String scrape) {
        Map<String, String> series = new LinkedHashMap<>();
        scrape.lines().filter(line -> line.startsWith("csv_backup_")).forEach(line -> {
            // A label's value may hold spaces; the sample's value never does.
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                series.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        return series;
    }
}
