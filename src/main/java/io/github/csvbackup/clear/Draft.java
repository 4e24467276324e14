package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.guard.Assessment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of a result before its outcome is. */
record Draft(String volume, @Nullable Assessment assessment, String auditId, String stateAfter) {
    Draft(String volume) {
        this(volume, null, "", "");
    }

    Draft(String volume, Assessment assessment) {
        this(volume, assessment, "", assessment.volume().backupState().toString());
    }

    Draft withAudit(String id, String after) {
        return new Draft(volume, assessment, id, after);
    }

    /** The assessment of a draft that was made with one. */
    Assessment assessed() {
        return Objects.requireNonNull(assessment, "a draft without assessment");
    }

    ClearResult result(Outcome outcome, @Nullable Integer code, String message) {
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
