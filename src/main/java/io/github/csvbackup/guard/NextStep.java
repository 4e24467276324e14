package io.github.csvbackup.guard;

import io.github.csvbackup.watch.WatchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What an administrator should do next, in sentences. */
final class NextStep {
    /** Part of every CLEARABLE assessment. */
    static final String BLIND_SPOT =
            "No check can see a backup that has just begun and has not opened its VSS session yet; "
                    + "check the schedule of the backup product first.";

    private NextStep() {}

    static String of(Verdict verdict, List<Check> checks, WatchSettings settings) {
        return switch (verdict) {
            case IDLE -> "No backup state is set: there is nothing to clear.";
            case CLEARABLE -> "No check found a reason not to clear. " + BLIND_SPOT + " Then clear it.";
            case RECENT ->
                "The state has been observed for less than " + Times.duration(settings.staleAfter())
                        + "; the cluster may still clear it by itself. " + remedies(checks, CheckResult.RECENT);
            case UNPROVEN -> "Some evidence is missing. " + remedies(checks, CheckResult.UNKNOWN);
            case ACTIVE ->
                "A backup of this volume is running: clearing would corrupt it. "
                        + remedies(checks, CheckResult.BACKUP);
        };
    }

    /** A remedy for several checks appears once. */
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
