package io.github.csvbackup.audit;

import java.io.IOException;
import java.util.List;

/** The append-only record. A line that was appended has reached the disk. Thread-safe. */
public interface Audit {
    /**
     * Appends a line.
     *
     * @throws IOException if it could not be written whole; then nothing of it is left in the record, unless taking it back failed
     *     as well: then a later line says that it was cut off
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
}
