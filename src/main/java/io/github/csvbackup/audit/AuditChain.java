package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
            try {
                AuditHead head = HeadFile.readIn(folder);
                Verifier verifier = new Verifier(expected);
                AuditTail tail = AuditTail.read(folder, verifier);
                if (head.equals(HeadFile.readIn(folder)) || tries == TRIES) {
                    return verifier.result(tail, head);
                }
            } catch (NoSuchFileException e) {
                // The agent renamed or removed a file just now.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Whether the record holds that line, or a line that names it as the one before, or begins after it. */
    static boolean mayHold(Path folder, Mark mark) throws IOException {
        Search search = new Search(mark);
        read(folder, search);
        return search.found;
    }

    private static final class Search implements Reader {
        private final Mark wanted;
        private long number;
        private boolean found;

        Search(Mark wanted) {
            this.wanted = wanted;
        }

        @Override
        public void line(ChainLine line) {
            AuditRecord record = line.record();
            boolean first = number == 0;
            number = record == null || record.number() == 0 ? number + 1 : record.number();
            found |= line.mark(number).equals(wanted)
                    || (record != null && record.before().equals(wanted))
                    || (first && isRetired(record));
        }

        /** Older lines were removed as audit-keep says; whether they were the right ones is for the check of the whole record. */
        private boolean isRetired(@Nullable AuditRecord record) {
            return record != null
                    && number > wanted.number() + 1
                    && !record.text("kind").equals(AuditKinds.MISMATCH);
        }
    }
}
