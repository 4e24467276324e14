package io.github.csvbackup.agent.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The differences between two scrapes. */
final class MetricChanges {
    private MetricChanges() {}

    /** The new and changed series of a volume, each with its old value, in the order of the later scrape. */
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
            // The value of a label may contain spaces; the value of the sample never does.
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                series.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        return series;
    }
}
