package io.github.csvbackup.management;

import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.openmbean.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of assess, clear and forceClear as clients see it. */
public record ResultView(
        @Description("CLEARED, NOTHING_TO_CLEAR, REFUSED, NOT_CLEARED, FAILED or UNKNOWN; null for assess") @Nullable
        String outcome,

        @Description(
                "friendly path, or the GUID name if several volumes have that path; empty if the path is on no volume")
        String volume,

        @Description("Win32 code; null if there is none") @Nullable
        Integer win32Code,

        @Description("symbol and text of the code; empty if there is none")
        String win32Text,

        @Description("what happened and what to do next") String message,

        @Description("IDLE, CLEARABLE, RECENT, UNPROVEN or ACTIVE; null if the guard was not asked") @Nullable
        String verdict,

        @Description("every check") List<CheckView> checks,

        @Description("backup state before; empty if it was not read")
        String stateBefore,

        @Description("backup state that was read last; empty if it was not read")
        String stateAfter,

        @Description("id in the audit; empty if there is none")
        String auditId) {
    static ResultView of(ClearResult result) {
        return new ResultView(
                result.outcome().name(),
                result.volume(),
                result.win32Code(),
                result.win32Text(),
                result.message(),
                result.verdict() == null ? null : result.verdict().name(),
                result.checks().stream().map(CheckView::of).toList(),
                result.stateBefore(),
                result.stateAfter(),
                result.auditId());
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
                state,
                state,
                "");
    }
}
