package io.github.csvbackup.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit in its file.
 *
 * @param position its line number in the file, from 1
 * @param start its first byte in the file
 * @param text its text without the line end; a remark instead, if the line is longer than any line of the agent
 * @param hash the SHA-256 of its bytes without the line end, in hexadecimal digits
 * @param end the line end
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
