package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a request to clear.
 *
 * @param volume the volume's name: the friendly path, or the GUID name if several volumes have that path; empty if the path is not on a volume
 * @param win32Code the native function's return value, or 87 for a path that is not on a volume; null if there is no code
 * @param win32Text the code's symbol and text; empty without a code
 * @param message what happened and what to do: sentences for users
 * @param verdict the guard's verdict; null if it did not assess
 * @param checks the guard's checks
 * @param earliestClear an estimate of when a volume that was not cleared becomes clearable; null if there is none
 * @param stateBefore the backup state at the assessment; empty if it was not read
 * @param stateAfter the backup state read last; empty if it was not read
 * @param auditId the intent's id in the audit; empty if none was written
 * @param batch the id of the request to clear, in its lines of the audit
 */
public record ClearResult(
        Outcome outcome,
        String volume,
        @Nullable Integer win32Code,
        String win32Text,
        String message,
        @Nullable Verdict verdict,
        List<Check> checks,
        @Nullable Instant earliestClear,
        String stateBefore,
        String stateAfter,
        String auditId,
        String batch) {
    public ClearResult {
        checks = List.copyOf(checks);
    }

    /** The same result as a part of a batch. */
    ClearResult in(String id) {
        return new ClearResult(
                outcome,
                volume,
                win32Code,
                win32Text,
                message,
                verdict,
                checks,
                earliestClear,
                stateBefore,
                stateAfter,
                auditId,
                id);
    }

    /**
     * The parts of a result that are known before its outcome.
     *
     * @param ifRefused what a refusal also says, as a sentence; may be empty
     */
    record Builder(
            String volume,
            @Nullable Assessment assessment,
            @Nullable Instant earliestClear,
            String ifRefused,
            String auditId,
            String stateAfter) {
        Builder(String volume) {
            this(volume, null, null, "", "", "");
        }

        Builder(String volume, Assessment assessment) {
            this(
                    volume,
                    assessment,
                    estimate(assessment),
                    "",
                    "",
                    assessment.volume().backupState().toString());
        }

        Builder withAudit(String id) {
            return new Builder(volume, assessment, earliestClear, ifRefused, id, stateAfter);
        }

        Builder clearableAt(@Nullable Instant estimate) {
            return new Builder(volume, assessment, estimate, ifRefused, auditId, stateAfter);
        }

        Builder butIfRefused(String sentence) {
            return new Builder(volume, assessment, earliestClear, sentence, auditId, stateAfter);
        }

        /** @param state read last; null if it could not be read */
        Builder withState(@Nullable BackupState state) {
            return new Builder(
                    volume, assessment, earliestClear, ifRefused, auditId, state == null ? "" : state.toString());
        }

        ClearResult build(Outcome outcome, @Nullable Integer code, String message) {
            return new ClearResult(
                    outcome,
                    volume,
                    code,
                    code == null ? "" : Win32Error.of(code).toString(),
                    outcome == Outcome.REFUSED && !ifRefused.isEmpty() ? message + " " + ifRefused : message,
                    assessment == null ? null : assessment.verdict(),
                    assessment == null ? List.of() : assessment.checks(),
                    earliestClear,
                    assessment == null ? "" : assessment.volume().backupState().toString(),
                    stateAfter,
                    auditId,
                    "");
        }

        /** A volume that was clearable may not be so any more: the clear has started VSS. */
        private static @Nullable Instant estimate(Assessment assessment) {
            return assessment.verdict() == Verdict.CLEARABLE ? null : assessment.earliestClear();
        }
    }
}
