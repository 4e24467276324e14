package io.github.csvbackup.management;

import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An assessment as one text for people.
 *
 * @param times for local time
 * @param now for ages
 */
record Explanation(Times times, Instant now) {
    /** What decides comes first. */
    private static final List<String> ORDER = List.of("BACKUP", "UNKNOWN", "RECENT", "NOT_SET", "DEFERRED", "PASSED");

    /** Of these a person wants to know the remedy. */
    private static final Set<String> PREVENTS = Set.of("BACKUP", "UNKNOWN", "RECENT");

    /** @param since when the state was first seen set; null if it is not set */
    String text(ResultView assessment, @Nullable Instant since) {
        List<String> lines = new ArrayList<>();
        lines.add(assessment.volume() + ": " + assessment.verdict());
        lines.add("Backup state: " + assessment.stateBefore()
                + (since == null
                        ? ""
                        : ", set since " + times.time(since) + " (" + Times.duration(Duration.between(since, now))
                                + ")"));
        lines.add("Next step: " + assessment.message());
        if (assessment.earliestClearEpochMillis() > 0) {
            lines.add("Earliest clear: " + earliestClear(assessment));
        }
        byResult(assessment.checks()).forEach((result, checks) -> {
            lines.add("");
            lines.add(result + " (" + checks.size() + (checks.size() == 1 ? " check):" : " checks):"));
            for (CheckView check : checks) {
                lines.add("  " + check.name() + ": " + check.seen());
                if (PREVENTS.contains(result) && !check.remedy().isEmpty()) {
                    lines.add("    What to do: " + check.remedy());
                }
            }
        });
        return String.join("\n", lines.stream().map(OutsideText::printable).toList());
    }

    private String earliestClear(ResultView assessment) {
        Instant earliest = Instant.ofEpochMilli(assessment.earliestClearEpochMillis());
        boolean isNow = Verdict.CLEARABLE.name().equals(assessment.verdict()) && !earliest.isAfter(now);
        return isNow ? "now" : times.time(earliest) + ", an estimate";
    }

    private static Map<String, List<CheckView>> byResult(List<CheckView> checks) {
        Map<String, List<CheckView>> groups = new LinkedHashMap<>();
        ORDER.forEach(result -> groups.put(result, new ArrayList<>()));
        for (CheckView check : checks) {
            groups.computeIfAbsent(check.result(), result -> new ArrayList<>()).add(check);
        }
        groups.values().removeIf(List::isEmpty);
        return groups;
    }
}
