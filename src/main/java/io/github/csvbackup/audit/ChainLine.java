package io.github.csvbackup.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A line of the record as it stands in its file.
 *
 * @param file where it stands
 * @param position which line of that file it is, from 1
 * @param start at which byte of the file it begins
 * @param text without its line end; a remark instead if the line is longer than any that the agent writes
 * @param hash SHA-256 of its bytes without the line end, in hexadecimal digits
 * @param end what follows it
 * @param record null if the line is not a JSON object
 */
public record ChainLine(
        Path file,
        int position,
        long start,
        String text,
        String hash,
        End end,
        @Nullable AuditRecord record) {
    /** The end of a line. */
    public enum End {
        /** As the agent writes it. */
        LINE_FEED,
        /** As some editors and transfers write it. */
        CARRIAGE_RETURN_LINE_FEED,
        /** The file ends. */
        NONE
    }

    Mark mark(long number) {
        return new Mark(number, hash);
    }
}
