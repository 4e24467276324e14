package io.github.csvbackup.audit;

import java.io.IOException;

/** The append-only record. A line that was appended has reached the disk. Thread-safe. */
public interface Audit {
    /**
     * Appends a line.
     *
     * @throws IOException if it could not be written whole; then nothing of it is left in the record
     */
    void append(AuditLine line) throws IOException;
}
