package io.github.csvbackup.audit;

import org.jspecify.annotations.Nullable;

/**
 * The status of the audit.
 *
 * @param newest the newest line
 * @param mismatches the number of lines that report a change by something other than the agent
 * @param mismatch a message for users about such a change; null if there was none
 */
public record AuditStatus(
        Mark newest, long mismatches, @Nullable String mismatch) {
    /** For an empty audit. */
    public static final AuditStatus NONE = new AuditStatus(Mark.NONE, 0, null);
}
