package io.github.csvbackup.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a folder as a whole: older files, {@code audit-NUMBER.jsonl} by the number of their last line, and {@code audit.jsonl}. Each line
 * carries its number and the SHA-256 of the line before it, over the borders of files too.
 */
public final class AuditChain {
    static final String CURRENT = "audit.jsonl";
    /** A line of this kind follows one that a crash cut off, and says so. */
    static final String TORN = "torn";

    private AuditChain() {}

    /** Told of each line, in order. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Takes a line.
         *
         * @param record null if the line is no JSON object
         */
        void line(Path file, int lineNumber, String text, @Nullable AuditRecord record);
    }

    /** The files, oldest first. */
    static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "audit-*.jsonl")) {
            found.forEach(files::add);
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        Path current = folder.resolve(CURRENT);
        if (Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
            files.add(current);
        }
        return files;
    }

    /** Reads all lines. A byte that is no text becomes a replacement character, and then the hashes do not fit. */
    public static void read(Path folder, Reader reader) throws IOException {
        for (Path file : files(folder)) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), StandardCharsets.UTF_8))) {
                int number = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    reader.line(file, ++number, line, AuditRecord.parse(line));
                }
            }
        }
    }

    /**
     * What a check of the whole record found.
     *
     * @param lines how many there are
     * @param broken where the chain breaks first and how; null if it holds
     */
    public record Verification(long lines, @Nullable String broken) {}

    /** Checks numbers and hashes of all lines. */
    public static Verification verify(Path folder) throws IOException {
        Verifier verifier = new Verifier();
        read(folder, verifier);
        return verifier.result();
    }

    static String hash(String line) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    private static final class Verifier implements Reader {
        private long lines;
        private @Nullable String previous;
        private @Nullable String broken;
        private @Nullable String cutOff;

        @Override
        public void line(Path file, int lineNumber, String text, @Nullable AuditRecord record) {
            lines++;
            if (broken == null) {
                String where = file.getFileName() + ", line " + lineNumber + ": ";
                if (record == null) {
                    broken = cutOff;
                    cutOff = where + "it is no JSON object, and no line after it says that a crash cut it off";
                } else {
                    broken = problem(where, record);
                    cutOff = null;
                }
            }
            previous = text;
        }

        private @Nullable String problem(String where, AuditRecord record) {
            if (cutOff != null && !record.text("kind").equals(TORN)) {
                return cutOff;
            }
            if (record.number() != lines) {
                return where + "its number is " + record.number() + " and should be " + lines
                        + "; lines were removed or added before it";
            }
            String expected = previous == null ? "" : hash(previous);
            return record.text("previous").equals(expected)
                    ? null
                    : where + "it does not carry the hash of the line before, which was changed or removed";
        }

        Verification result() {
            return new Verification(lines, broken == null ? cutOff : broken);
        }
    }
}
