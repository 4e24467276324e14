package io.github.csvbackup.audit;

import io.github.csvbackup.text.Ascii;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The files of an audit: {@code audit-NUMBER.jsonl}, rotated files with the number of their last line; {@code audit-NUMBER-mismatch.jsonl}, files that
 * were changed by something other than the agent after line NUMBER; and {@code audit.jsonl} for new lines. Other files do not belong to the audit.
 */
final class RecordFiles {
    static final String CURRENT = "audit.jsonl";

    private static final String BEGIN = "audit-";
    private static final String MISMATCH = "-mismatch";
    private static final String END = ".jsonl";
    private static final int MOST_OF_A_NAME = 100;

    private RecordFiles() {}

    /** By hand: an expression, and comparators that are put together, cost a starting host some milliseconds. */
    private record Aside(Path file, long number, boolean mismatch, int copy) implements Comparable<Aside> {
        /** Null if the file does not belong to the audit. */
        static @Nullable Aside of(Path file) {
            String name = file.getFileName().toString();
            if (!name.startsWith(BEGIN) || !name.endsWith(END) || name.length() <= BEGIN.length() + END.length()) {
                return null;
            }
            String middle = name.substring(BEGIN.length(), name.length() - END.length());
            int dash = middle.indexOf('-');
            String number = dash < 0 ? middle : middle.substring(0, dash);
            String rest = dash < 0 ? "" : middle.substring(dash);
            String copy = rest.startsWith(MISMATCH + "-") ? rest.substring(MISMATCH.length() + 1) : "1";
            boolean known = rest.isEmpty() || rest.equals(MISMATCH) || rest.startsWith(MISMATCH + "-");
            return known && isNumber(number, 12, 16) && isNumber(copy, 1, 4)
                    ? new Aside(file, Long.parseLong(number), !rest.isEmpty(), Integer.parseInt(copy))
                    : null;
        }

        private static boolean isNumber(String text, int shortest, int longest) {
            return text.length() >= shortest && text.length() <= longest && Ascii.areDigits(text, 0);
        }

        @Override
        public int compareTo(Aside other) {
            int byNumber = Long.compare(number, other.number);
            int byMismatch = Boolean.compare(mismatch, other.mismatch);
            return byNumber != 0 ? byNumber : byMismatch != 0 ? byMismatch : Integer.compare(copy, other.copy);
        }
    }

    /** All regular files of the audit, oldest first. */
    static List<Path> all(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Aside aside : aside(folder)) {
            addRegular(aside.file(), files);
        }
        addRegular(folder.resolve(CURRENT), files);
        return files;
    }

    private static void addRegular(Path file, List<Path> files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            files.add(file);
        }
    }

    /** The rotated files, oldest first. */
    static List<Path> large(Path folder) throws IOException {
        return aside(folder).stream()
                .filter(aside -> !aside.mismatch())
                .map(Aside::file)
                .toList();
    }

    /** Whether the file was set aside because of a mismatch. */
    static boolean isMismatch(Path file) {
        Aside aside = Aside.of(file);
        return aside != null && aside.mismatch();
    }

    private static List<Aside> aside(Path folder) throws IOException {
        List<Aside> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Aside aside = Aside.of(file);
                if (aside != null) {
                    found.add(aside);
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    /** The name for a rotated file. */
    static Path large(Path folder, long lastNumber) {
        return folder.resolve(String.format(Locale.ROOT, "audit-%012d.jsonl", lastNumber));
    }

    /** A free name for a file with a mismatch. */
    static Path mismatch(Path folder, long lastNumber) throws IOException {
        return free(folder, String.format(Locale.ROOT, "audit-%012d-mismatch", lastNumber), ".jsonl");
    }

    /** The name, with a number if it already exists. */
    static Path free(Path folder, String name, String ending) throws IOException {
        Path file = folder.resolve(name + ending);
        for (int copy = 2; Files.exists(file, LinkOption.NOFOLLOW_LINKS); copy++) {
            if (copy == MOST_OF_A_NAME) {
                throw new IOException("there are too many files " + name + "; move them out of the state directory");
            }
            file = folder.resolve(name + "-" + copy + ending);
        }
        return file;
    }
}
