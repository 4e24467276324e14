package io.github.csvbackup.audit;

import java.io.IOException;
import java.util.List;

/** The append-only audit. When {@link #append} returns, the line is on the disk. Thread-safe. */
public interface Audit {
    /**
     * Appends a line.
     *
     * @throws AuditMismatchException if the line is an intent, but the audit was changed by something other than the agent and the option audit-strict forbids clears
     * @throws IOException if the line could not be written; then no part of it remains
     */
    void append(AuditLine line) throws IOException;

    /**
     * The last lines, oldest first; empty if the implementation keeps none.
     *
     * @param most the maximum number of lines
     */
    default List<AuditRecord> recent(int most) {
        return List.of();
    }

    /** The status. Does not access the disk. */
    default AuditStatus status() {
        return AuditStatus.NONE;
    }

    /**
     * Compares the audit with a line that was noted elsewhere. If the audit does not contain this line, its status reports a mismatch.
     *
     * @param noted the line
     * @param where where it was noted, such as {@code state.jsonl}
     * @throws IOException if the audit cannot be read or written
     */
    default void expect(Mark noted, String where) throws IOException {}
}
