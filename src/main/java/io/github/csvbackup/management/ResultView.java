package io.github.csvbackup.management;

import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.guard.Assessment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of assess, clear and forceClear, and of each volume of clearAll, as clients see it.
 *
 * @param outcome CLEARED, NOTHING_TO_CLEAR, REFUSED, NOT_CLEARED, FAILED or UNKNOWN; null for assess
 * @param volume friendly path, or the GUID name if several volumes share that path; empty if the path is not on a volume
 * @param win32Code null if none
 * @param win32Text symbol and text of the code; empty if none
 * @param message what happened and what to do next
 * @param verdict IDLE, CLEARABLE, RECENT, UNPROVEN or ACTIVE; null if the guard was not consulted
 * @param earliestClear estimate of when the volume becomes clearable, ISO-8601 in UTC; null if unknown or not assessed
 * @param earliestClearEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if unknown
 * @param stateBefore backup state before; empty if not read
 * @param stateAfter backup state at the last read; empty if not read
 * @param auditId id in the audit; empty if none
 * @param batch id of the request in the audit, the same for all volumes of clearAll; empty for assess
 */
public record ResultView(
        @Nullable String outcome,
        String volume,
        @Nullable Integer win32Code,
        String win32Text,
        String message,
        @Nullable String verdict,
        List<CheckView> checks,
        @Nullable String earliestClear,
        long earliestClearEpochMillis,
        String stateBefore,
        String stateAfter,
        String auditId,
        String batch) {
    /** @param note is added to the message */
    static ResultView of(ClearResult result, String note) {
        return new ResultView(
                result.outcome().name(),
                result.volume(),
                result.win32Code(),
                result.win32Text(),
                result.message() + note,
                result.verdict() == null ? null : result.verdict().name(),
                result.checks().stream().map(CheckView::of).toList(),
                text(result.earliestClear()),
                millis(result.earliestClear()),
                result.stateBefore(),
                result.stateAfter(),
                result.auditId(),
                result.batch());
    }

    static ResultView of(String name, Assessment assessment, String message) {
        String state = assessment.volume().backupState().toString();
        return new ResultView(
                null,
                name,
                null,
                "",
                message,
                assessment.verdict().name(),
                assessment.checks().stream().map(CheckView::of).toList(),
                text(assessment.earliestClear()),
                millis(assessment.earliestClear()),
                state,
                state,
                "",
                "");
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : CsvBackupState.text(instant);
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? 0 : instant.toEpochMilli();
    }
}
