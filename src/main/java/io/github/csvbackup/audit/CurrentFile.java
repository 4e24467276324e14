package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The file for new lines, and its properties after the last write of the agent. Not thread-safe. */
final class CurrentFile {
    private static final Object WITHOUT_KEY = "without key";

    private final Path path;
    private final RecordOpener opener;
    private @Nullable RandomAccessFile handle;
    /** Null while there should be no file yet. */
    private @Nullable Object identity;

    private long length;
    private long startOfLastLine;

    CurrentFile(Path path, RecordOpener opener) {
        this.path = path;
        this.opener = opener;
    }

    /** Whether the path is a regular file (not a link, for example) or does not exist. */
    boolean isFileOrMissing() {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether there is content to keep: anything but an empty file. */
    boolean isWorthKeeping() throws IOException {
        return !Files.notExists(path, LinkOption.NOFOLLOW_LINKS)
                && (!attributes().isRegularFile() || attributes().size() > 0);
    }

    /**
     * Opens or creates the file, and accepts its current content.
     *
     * @param last the last line of the audit; null if it is not in this file
     */
    void accept(@Nullable ChainLine last) throws IOException {
        length = open().length();
        startOfLastLine = last == null ? length : last.start();
        identity = identity(attributes());
    }

    /** From now on there should be no file; the next line creates it. */
    void beginAnew() {
        identity = null;
        length = 0;
        startOfLastLine = 0;
    }

    /**
     * Checks the file and its last line. Returns a clause about a change by something other than the agent since its last write, or null.
     *
     * @param hash the hash of the last line of the audit
     */
    @Nullable
    String change(String hash) throws IOException {
        BasicFileAttributes now;
        try {
            now = attributes();
        } catch (NoSuchFileException e) {
            return identity == null ? null : "was removed";
        }
        if (identity == null) {
            return now.isRegularFile() && now.size() == 0 ? null : "exists, although the agent has not created it yet";
        }
        if (!now.isRegularFile() || !Objects.equals(identity, identity(now))) {
            return "was replaced by another file";
        }
        if (now.size() != length) {
            return "has " + now.size() + " bytes but should have " + length;
        }
        return length == startOfLastLine || lastLine().equals(hash) ? null : "has a changed last line";
    }

    private String lastLine() throws IOException {
        RandomAccessFile opened = open();
        byte[] bytes = new byte[(int) (length - startOfLastLine)];
        opened.seek(startOfLastLine);
        opened.readFully(bytes);
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        return line.endsWith("\n") ? LineReader.hash(line.substring(0, line.length() - 1)) : "";
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * On Windows, files have no key, but an open file cannot be replaced. The creation time cannot replace the key, because Wine changes it with each write.
     * The length or the last line shows that a closed file was replaced.
     */
    private static Object identity(BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key == null ? WITHOUT_KEY : key;
    }

    long length() {
        return length;
    }

    /**
     * Appends a line and forces it to the disk.
     *
     * @throws IOException if this failed; then the line is removed again, or {@link #isKnown} is false
     */
    void append(String text) throws IOException {
        RandomAccessFile to = open();
        if (identity == null) {
            identity = identity(attributes());
        }
        long size = length;
        try {
            to.seek(size);
            to.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
            to.getFD().sync();
        } catch (IOException e) {
            takeBack(to, size, e);
            throw e;
        }
        startOfLastLine = size;
        length = size + text.length() + 1;
    }

    private void takeBack(RandomAccessFile file, long size, IOException failure) {
        try {
            file.setLength(size);
        } catch (IOException e) {
            failure.addSuppressed(e);
            length = -1;
        }
    }

    /** False if a line failed and could not be removed again. */
    boolean isKnown() {
        return length >= 0;
    }

    /** Truncates the file to this size in bytes. */
    void cut(long size) throws IOException {
        RandomAccessFile file = open();
        file.setLength(size);
        file.getFD().sync();
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile opened = handle;
        if (opened == null) {
            opened = opener.open(path);
            handle = opened;
        }
        return opened;
    }

    /** Renames the file; the next line creates a new one. */
    void moveTo(Path other) throws IOException {
        close();
        Files.move(path, other);
        beginAnew();
    }

    /** Closes the file; the next use opens it again. */
    void close() throws IOException {
        RandomAccessFile opened = handle;
        handle = null;
        if (opened != null) {
            opened.close();
        }
    }
}
