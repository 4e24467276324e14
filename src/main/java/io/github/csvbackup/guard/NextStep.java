package io.github.csvbackup.guard;

import io.github.csvbackup.watch.WatchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What an administrator should do next, in sentences. */
final class NextStep {
    /** What no check can see; every CLEARABLE assessment says it. */
    static final String BLIND_SPOT =
            "Not visible to any check: a backup that was prepared in the last moments and has not opened its VSS session yet; "
                    + "look at the schedule of the backup product first.";

    private NextStep() {}

    static String of(Verdict verdict, List<Check> checks, WatchSettings settings) {
        return switch (verdict) {
            case IDLE -> "No backup state is set: there is nothing to clear.";
            case CLEARABLE -> "Nothing speaks against clearing. " + BLIND_SPOT + " Then call clear.";
            case RECENT ->
                "The state is younger than " + Times.duration(settings.staleAfter())
                        + "; the cluster may still clear it by itself. " + remedies(checks, CheckResult.RECENT);
            case UNPROVEN -> "Not everything that must be known is known. " + remedies(checks, CheckResult.UNKNOWN);
            case ACTIVE ->
                "A backup of this volume runs: clearing would corrupt it. " + remedies(checks, CheckResult.BACKUP);
        };
    }

    /** One that mends several checks is said once. */
    private static String remedies(List<Check> checks, CheckResult result) {
        Map<String, List<Check>> byRemedy = checks.stream()
                .filter(check -> check.result() == result && !check.remedy().isEmpty())
                .collect(Collectors.groupingBy(Check::remedy, LinkedHashMap::new, Collectors.toList()));
        return byRemedy.entrySet().stream()
                .map(each -> each.getValue().stream()
                                .map(check -> check.name() + ": " + check.seen())
                                .collect(Collectors.joining("; "))
                        + ". " + each.getKey())
                .collect(Collectors.joining(" "));
    }
}
