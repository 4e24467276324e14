package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The record of a folder as a whole: older files and {@code audit.jsonl}. Each line carries its number and the SHA-256 of the line before it,
 * over the borders of files too.
 */
public final class AuditChain {
    private static final int TRIES = 5;

    private AuditChain() {}

    /** Takes each line, in order. */
    @FunctionalInterface
    public interface Reader {
        /** Takes a line. */
        void line(ChainLine line);
    }

    /** Reads all lines. */
    public static void read(Path folder, Reader reader) throws IOException {
        for (Path file : RecordFiles.all(folder)) {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                LineReader lines = new LineReader(file, in);
                for (ChainLine line = lines.read(); line != null; line = lines.read()) {
                    reader.line(line);
                }
            }
        }
    }

    /**
     * Checks numbers and hashes of all lines, and whether the newest is the one that the agent noted beside the record. An agent may be
     * writing meanwhile.
     *
     * @param expected a line that was noted elsewhere; null if there is none to compare with
     */
    public static Verification verify(Path folder, @Nullable Mark expected) throws IOException {
        for (int tries = 1; ; tries++) {
            AuditHead head = HeadFile.readIn(folder);
            Verifier verifier = new Verifier(expected);
            AuditTail tail = AuditTail.read(folder, verifier);
            if (head.equals(HeadFile.readIn(folder)) || tries == TRIES) {
                return verifier.result(tail, head);
            }
        }
    }

    /** Whether the record holds that line, or a line that names it as the one before. */
    static boolean holds(Path folder, Mark mark) throws IOException {
        boolean[] found = new boolean[1];
        long[] number = new long[1];
        read(folder, line -> {
            AuditRecord record = line.record();
            number[0] = record == null || record.number() == 0 ? number[0] + 1 : record.number();
            found[0] |= line.mark(number[0]).equals(mark)
                    || (record != null && record.before().equals(mark));
        });
        return found[0];
    }
}
