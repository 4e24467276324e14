package io.github.csvbackup.guard;

import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator should do next, in a few sentences: the causes, each with all of its nodes, one step, and the estimate. The checks have
 * the details.
 *
 * @param inCluster how many nodes the cluster has
 */
record NextStep(WatchSettings settings, Times times, int inCluster, Instant now) {
    /** Part of every CLEARABLE assessment. */
    static final String BLIND_SPOT =
            "No check can see a backup that has just begun and has not opened its VSS session yet; "
                    + "check the schedule of the backup product first.";

    private static final int MOST_CAUSES = 3;

    /** With more than one cause. A refusal says a little more, and stays below 400 characters. */
    private static final int LONGEST = 350;

    /**
     * For an administrator.
     *
     * @param reason for the verdict: one sentence
     * @param step what to do, and the estimate: sentences; empty if there is nothing to do
     */
    record Advice(String reason, String step) {
        String whole() {
            return step.isEmpty() ? reason : reason + " " + step;
        }
    }

    Advice of(Verdict verdict, List<Check> checks, @Nullable Instant earliestClear) {
        return switch (verdict) {
            case IDLE -> new Advice("No backup state is set: there is nothing to clear.", "");
            case CLEARABLE -> new Advice("No check found a reason not to clear.", BLIND_SPOT + " Then clear it.");
            case RECENT ->
                why(
                        "The state has been observed for less than " + Times.duration(settings.staleAfter())
                                + "; the cluster may still clear it by itself: ",
                        checks,
                        CheckResult.RECENT,
                        earliestClear);
            case UNPROVEN -> why("Some evidence is missing: ", checks, CheckResult.UNKNOWN, earliestClear);
            case ACTIVE -> active(checks);
        };
    }

    /** A sentence. */
    static String estimate(Times times, Instant now, Instant earliestClear) {
        return "Earliest clear: about " + times.about(now, earliestClear) + ", an estimate.";
    }

    private Advice why(String begin, List<Check> checks, CheckResult result, @Nullable Instant earliestClear) {
        List<List<Check>> causes = byCause(checks, result);
        String step = step(causes.get(0), earliestClear != null);
        String estimate = earliestClear == null ? "" : estimate(times, now, earliestClear);
        List<List<Check>> told = mostImportant(causes);
        Advice advice = advice(begin, told, causes.size(), (step + " " + estimate).strip());
        while (advice.whole().length() > LONGEST && told.size() > 1) {
            told.remove(told.size() > 2 && isOwnVss(told.get(2)) ? 1 : told.size() - 1);
            advice = advice(begin, told, causes.size(), advice.step());
        }
        return advice;
    }

    private Advice advice(String begin, List<List<Check>> told, int causes, String step) {
        String more = causes > told.size() ? "; and more, see the checks" : "";
        return new Advice(
                begin + String.join("; ", told.stream().map(this::cause).toList()) + more + ".", step);
    }

    /** Also says that the agent itself has started VSS: that is not a sign of the backup. */
    private Advice active(List<Check> checks) {
        String begin = "A backup of this volume is running, and clearing would corrupt it: ";
        String own = byCause(checks, CheckResult.UNKNOWN).stream()
                .filter(NextStep::isOwnVss)
                .map(cause -> cause(cause) + ".")
                .collect(Collectors.joining(" "));
        Advice backup = why(begin, checks, CheckResult.BACKUP, null);
        if (own.isEmpty()) {
            return backup;
        }
        Advice both = new Advice(backup.reason(), (backup.step() + " " + own).strip());
        List<Check> first = byCause(checks, CheckResult.BACKUP).get(0);
        Check.Cause cause = first.get(0).cause();
        return both.whole().length() <= LONGEST || first.size() > 1 || cause == null
                ? both
                : new Advice(
                        begin + cause.sentence().replace(Check.Cause.NODES, cause.node()) + age(first) + ".",
                        cause.remedy() + " " + own);
    }

    /** First what needs somebody, last what passes at a known time. */
    private static List<List<Check>> byCause(List<Check> checks, CheckResult result) {
        Map<String, List<Check>> groups = new LinkedHashMap<>();
        for (Check check : checks) {
            if (check.result() == result) {
                Check.Cause cause = check.cause();
                groups.computeIfAbsent(cause == null ? check.name() : cause.kind(), key -> new ArrayList<>())
                        .add(check);
            }
        }
        List<List<Check>> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparingInt(NextStep::patience));
        return sorted;
    }

    /** The first ones, and always that the agent itself has started VSS: otherwise a reader suspects a backup. */
    private static List<List<Check>> mostImportant(List<List<Check>> causes) {
        List<List<Check>> told = new ArrayList<>(causes.subList(0, Math.min(MOST_CAUSES, causes.size())));
        causes.stream().skip(MOST_CAUSES).filter(NextStep::isOwnVss).findFirst().ifPresent(own -> {
            if (told.stream().noneMatch(NextStep::isOwnVss)) {
                told.set(MOST_CAUSES - 1, own);
            }
        });
        return told;
    }

    private static boolean isOwnVss(List<Check> group) {
        Check.Cause cause = group.get(0).cause();
        return cause != null && cause.isOwnVss();
    }

    private static int patience(List<Check> group) {
        Check first = group.get(0);
        if (first.passesAt() != null) {
            return 2;
        }
        return first.cause() != null && first.cause().waiting() ? 1 : 0;
    }

    private String cause(List<Check> group) {
        Check first = group.get(0);
        Check.Cause cause = first.cause();
        String seen = cause == null || group.size() == 1
                ? first.brief()
                : cause.sentence()
                        .replace(
                                Check.Cause.NODES,
                                NodeNames.of(
                                        group.stream()
                                                .map(check -> check.cause() == null
                                                        ? check.name()
                                                        : check.cause().node())
                                                .distinct()
                                                .toList(),
                                        inCluster));
        return first.result() == CheckResult.BACKUP ? seen + age(group) : seen;
    }

    /** Of the newest evidence. */
    private String age(List<Check> group) {
        Instant newest = null;
        for (Check check : group) {
            Instant at = check.at();
            if (at != null && (newest == null || at.isAfter(newest))) {
                newest = at;
            }
        }
        if (newest == null) {
            return "";
        }
        Duration age = Duration.between(newest, now);
        return age.toSeconds() < 1 ? ", seen now" : ", seen " + Times.duration(age) + " ago";
    }

    /** @param waiting everything ends by itself, and the estimate says when */
    private static String step(List<Check> group, boolean waiting) {
        Check first = group.get(0);
        Check.Cause cause = first.cause();
        if (waiting) {
            return cause == null ? "" : cause.remedy();
        }
        return cause == null || group.size() == 1 ? first.remedy() : cause.remedy();
    }
}
