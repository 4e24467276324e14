package io.github.csvbackup.audit;

import java.io.IOException;
import java.util.List;

/** The append-only record. A line that was appended has reached the disk. Thread-safe. */
public interface Audit {
    /**
     * Appends a line.
     *
     * @throws AuditMismatchException if the line is an intent, and the record was changed by somebody else, and that forbids clears
     * @throws IOException if it could not be written whole; then nothing of it stays in the record
     */
    void append(AuditLine line) throws IOException;

    /**
     * The last lines, oldest first; none where they are not kept.
     *
     * @param most how many at most
     */
    default List<AuditRecord> recent(int most) {
        return List.of();
    }

    /** What the record shows about itself. Never waits for the disk. */
    default AuditStatus status() {
        return AuditStatus.NONE;
    }

    /**
     * Compares the record with a line of it that was noted elsewhere. If the record does not hold that line, it says so from now on.
     *
     * @param noted the line
     * @param where where it was noted, such as {@code state.txt}
     * @throws IOException if the record cannot be read or written
     */
    default void expect(Mark noted, String where) throws IOException {}
}
