package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The whole audit of a folder: older files and {@code audit.jsonl}. Each line contains its number and the SHA-256 of the line before it, also across
 * files.
 */
public final class AuditChain {
    private static final int TRIES = 5;

    private AuditChain() {}

    /** Receives the lines in their order. */
    @FunctionalInterface
    public interface Reader {
        void line(ChainLine line);
    }

    /** Reads all lines, and returns how many there are. */
    public static long read(Path folder, Reader reader) throws IOException {
        long count = 0;
        for (Path file : RecordFiles.all(folder)) {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                LineReader lines = new LineReader(file, in);
                for (ChainLine line = lines.read(); line != null; line = lines.read()) {
                    reader.line(line);
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Checks the numbers and hashes of all lines, and that the newest line is the one in {@link HeadFile}. An agent may be writing at the same time.
     *
     * @param expected a line that was noted elsewhere; null to compare nothing
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
                // The agent renamed or deleted a file during the check.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Whether the audit contains this line, or its successor, or begins after it. */
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

        /** Older lines were deleted because of audit-keep. The check of the whole audit verifies them. */
        private boolean isRetired(@Nullable AuditRecord record) {
            return record != null
                    && number > wanted.number() + 1
                    && !record.text("kind").equals(AuditKinds.MISMATCH);
        }
    }
}
