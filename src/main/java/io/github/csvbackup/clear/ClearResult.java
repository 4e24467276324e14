package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.Verdict;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a request to clear ended, and why.
 *
 * @param volume what the volume is called: the friendly path, or the GUID name if several have that path; empty if the path is on no volume
 * @param win32Code the native function's answer, or 87 for a path that is on no volume; null if there is no code
 * @param win32Text the code's symbol and text; empty without a code
 * @param message what happened and what to do: sentences for people
 * @param verdict the guard's; null if it was not asked
 * @param checks the guard's checks
 * @param stateBefore the backup state that the request found; empty if it was not read
 * @param stateAfter the backup state that was read last; empty if it was not read
 * @param auditId the intent's id in the audit; empty if none was written
 */
public record ClearResult(
        Outcome outcome,
        String volume,
        @Nullable Integer win32Code,
        String win32Text,
        String message,
        @Nullable Verdict verdict,
        List<Check> checks,
        String stateBefore,
        String stateAfter,
        String auditId) {
    public ClearResult {
        checks = List.copyOf(checks);
    }

    /** What is known of a result before its outcome is. */
    record Builder(String volume, @Nullable Assessment assessment, String auditId, String stateAfter) {
        Builder(String volume) {
            this(volume, null, "", "");
        }

        Builder(String volume, Assessment assessment) {
            this(volume, assessment, "", assessment.volume().backupState().toString());
        }

        Builder withAudit(String id, String after) {
            return new Builder(volume, assessment, id, after);
        }

        /** The assessment of one that was made with it. */
        Assessment assessed() {
            return Objects.requireNonNull(assessment, "made without an assessment");
        }

        ClearResult build(Outcome outcome, @Nullable Integer code, String message) {
            return new ClearResult(
                    outcome,
                    volume,
                    code,
                    code == null ? "" : Win32Error.of(code).toString(),
                    message,
                    assessment == null ? null : assessment.verdict(),
                    assessment == null ? List.of() : assessment.checks(),
                    assessment == null ? "" : assessment.volume().backupState().toString(),
                    stateAfter,
                    auditId);
        }
    }
}
