package io.github.csvbackup.audit;

import org.jspecify.annotations.Nullable;

/**
 * What the record shows about itself.
 *
 * @param newest its newest line
 * @param mismatches how many lines of it say that somebody else had changed it
 * @param mismatch what was found to be changed, as sentences; null if nothing was
 */
public record AuditStatus(
        Mark newest, long mismatches, @Nullable String mismatch) {
    /** Of a record that is empty. */
    public static final AuditStatus NONE = new AuditStatus(Mark.NONE, 0, null);
}
