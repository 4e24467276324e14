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
 * A small file next to the audit that contains the number and the hash of its newest line, and the next line before it is appended. This distinguishes
 * a line that a crash cut off from one that another program wrote. Both are in separate slots, so a crash while one is written does not damage the other.
 * Not thread-safe.
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
    /** The confirmed line in the file; null if there is none, or if it is unknown. */
    private @Nullable Mark confirmed;

    HeadFile(Path folder, RecordOpener opener) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
        this.opener = opener;
    }

    /** Reads the file of a folder. */
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
     * Writes to the disk which line comes next. This overwrites the announcement of the line before it, so that line is confirmed first.
     *
     * @param before the current newest line
     * @param fits false until a mismatch is written to the audit; until then, no further line may be confirmed
     */
    void announce(Mark before, Mark next, String text, boolean fits) throws IOException {
        if (!before.equals(confirmed) && (fits || confirmed != null)) {
            write(0, CONFIRMED, before, "", true);
            confirmed = before;
        }
        write(SLOT, ANNOUNCED, next, text + "\n", true);
    }

    /** Confirms the announced line. Not forced to the disk, since an audit without the confirmation is also accepted. */
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
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(file, RecordFiles.free(folder, NAME + "-mismatch", ""));
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
