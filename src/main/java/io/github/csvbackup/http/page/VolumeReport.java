package io.github.csvbackup.http.page;

import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A volume whose backup state is set, or was when it could last be read, and its assessment. */
record VolumeReport(WatchedVolume watched, Assessment assessment) {
    /** The most urgent first; then the oldest. */
    static final Comparator<VolumeReport> BY_URGENCY = Comparator.comparing(VolumeReport::urgency)
            .thenComparing(report -> report.watched.since(), Comparator.nullsLast(Comparator.naturalOrder()));

    /** How urgent it is, in descending order. */
    enum Urgency {
        /** A person can clear it now. */
        CLEARABLE,
        /** Stale, and something is missing: a person has to look. */
        STUCK,
        /** Set for a short time: wait. */
        WAITING,
        /** A backup is running, for however long: not a fault. */
        RUNNING
    }

    Urgency urgency() {
        return switch (assessment.verdict()) {
            case CLEARABLE -> Urgency.CLEARABLE;
            case ACTIVE -> Urgency.RUNNING;
            case IDLE, RECENT, UNPROVEN -> watched.stale() ? Urgency.STUCK : Urgency.WAITING;
        };
    }

    /** When the oldest evidence was seen on which the verdict depends: for CLEARABLE all of it, otherwise that of the checks that decided. Null if there is none. */
    @Nullable
    Instant evidenceFrom() {
        CheckResult deciding = switch (assessment.verdict()) {
            case ACTIVE -> CheckResult.BACKUP;
            case UNPROVEN -> CheckResult.UNKNOWN;
            case RECENT -> CheckResult.RECENT;
            case IDLE -> CheckResult.NOT_SET;
            case CLEARABLE -> CheckResult.PASSED;
        };
        Instant oldest = null;
        for (Check check : assessment.checks()) {
            Instant at = check.at();
            if (at != null && check.result() == deciding && (oldest == null || at.isBefore(oldest))) {
                oldest = at;
            }
        }
        return oldest;
    }

    boolean is(Verdict verdict) {
        return assessment.verdict() == verdict;
    }
}
