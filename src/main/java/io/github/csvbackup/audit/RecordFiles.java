package io.github.csvbackup.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of an audit: {@code audit-NUMBER.jsonl}, rotated files with the number of their last line; {@code audit-NUMBER-mismatch.jsonl}, files that
 * were changed by something other than the agent after line NUMBER; and {@code audit.jsonl} for new lines. Other files do not belong to the audit.
 */
final class RecordFiles {
    static final String CURRENT = "audit.jsonl";

    private static final Pattern ASIDE = Pattern.compile("audit-([0-9]{12,16})(-mismatch(?:-([0-9]{1,4}))?)?\\.jsonl");
    private static final int MOST_OF_A_NAME = 100;

    private RecordFiles() {}

    private record Aside(Path file, long number, boolean mismatch, int copy) {}

    /** All regular files of the audit, oldest first. */
    static List<Path> all(Path folder) throws IOException {
        List<Path> files =
                new ArrayList<>(aside(folder).stream().map(Aside::file).toList());
        files.add(folder.resolve(CURRENT));
        files.removeIf(file -> !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
        return files;
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
        Matcher matcher = ASIDE.matcher(file.getFileName().toString());
        return matcher.matches() && matcher.group(2) != null;
    }

    private static List<Aside> aside(Path folder) throws IOException {
        List<Aside> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "audit-*.jsonl")) {
            for (Path file : files) {
                Matcher matcher = ASIDE.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    String copy = matcher.group(3);
                    found.add(new Aside(
                            file,
                            Long.parseLong(matcher.group(1)),
                            matcher.group(2) != null,
                            copy == null ? 1 : Integer.parseInt(copy)));
                }
            }
        }
        found.sort(Comparator.comparingLong(Aside::number)
                .thenComparing(Aside::mismatch)
                .thenComparingInt(Aside::copy));
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
