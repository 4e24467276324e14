package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A small file beside the record that holds the number and the hash of its newest line, and, before a line is appended, that line itself. So a
 * line that a crash cut off can be told from one that somebody else wrote. The two notes lie in slots of their own: a crash while one is written
 * leaves the other. Not thread-safe.
 */
final class HeadFile {
    static final String NAME = "audit.head";

    private static final String CONFIRMED = "confirmed";
    private static final String ANNOUNCED = "announced";
    private static final int SLOT = 128;
    private static final int SUM_DIGITS = 16;
    private static final int LARGEST = 2 * SLOT + LineReader.LONGEST + 1;

    private final Path folder;
    private final Path file;
    private final RecordOpener opener;
    /** What the file says; null if it does not say it, or if that is not known. */
    private @Nullable Mark confirmed;

    HeadFile(Path folder, RecordOpener opener) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
        this.opener = opener;
    }

    /** What is noted in a folder. */
    static AuditHead readIn(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return AuditHead.MISSING;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new AuditHead(null, null, "", false);
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(LARGEST);
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Mark announced = slot(text, SLOT, ANNOUNCED);
        String announcedText = "";
        if (announced != null) {
            int end = text.indexOf('\n', 2 * SLOT);
            announcedText = end < 0 ? "" : text.substring(2 * SLOT, end);
            if (!LineReader.hash(announcedText).equals(announced.hash())) {
                announced = null;
                announcedText = "";
            }
        }
        return new AuditHead(slot(text, 0, CONFIRMED), announced, announcedText, false);
    }

    private static @Nullable Mark slot(String text, int start, String kind) {
        if (text.length() < start + SLOT) {
            return null;
        }
        String[] words = text.substring(start, start + SLOT).strip().split(" ", -1);
        if (words.length != 3 || !words[0].equals(kind) || !words[2].equals(sum(words[0] + " " + words[1]))) {
            return null;
        }
        return words[1].equals(Mark.NONE.toString())
                ? Mark.NONE
                : Mark.parse(words[1]).orElse(null);
    }

    private static String sum(String text) {
        return LineReader.hash(text).substring(0, SUM_DIGITS);
    }

    AuditHead read() throws IOException {
        AuditHead head = readIn(folder);
        confirmed = head.confirmed();
        return head;
    }

    /**
     * Notes, on the disk, which line is about to be written. Before the note of the line before it is overwritten, that line is confirmed.
     *
     * @param before the newest line until now
     * @param fits false while the line that says that the record does not fit is not written: then nothing must be confirmed that was not
     *     before
     */
    void announce(Mark before, Mark next, String text, boolean fits) throws IOException {
        if (!before.equals(confirmed) && (fits || confirmed != null)) {
            write(0, CONFIRMED, before, "", true);
            confirmed = before;
        }
        write(SLOT, ANNOUNCED, next, text + "\n", true);
    }

    /** Notes that the announced line was written. Not forced to the disk: without it both are taken for right. */
    void confirm(Mark written) throws IOException {
        confirmed = new Mark(-1, ""); // unknown, until it is written
        write(0, CONFIRMED, written, "", false);
        confirmed = written;
    }

    private void write(int start, String kind, Mark mark, String text, boolean forced) throws IOException {
        String words = kind + " " + mark;
        String slot = words + " " + sum(words);
        byte[] bytes =
                (slot + " ".repeat(SLOT - 1 - slot.length()) + "\n" + text).getBytes(StandardCharsets.ISO_8859_1);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file; move it out of the state directory");
        }
        try (RandomAccessFile out = opener.open(file)) {
            out.seek(start);
            out.write(bytes);
            if (forced) {
                out.getFD().sync();
            }
        }
    }
}
