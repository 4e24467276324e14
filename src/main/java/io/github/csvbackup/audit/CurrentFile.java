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

/** The file that lines go to, and what it was when the agent last wrote to it. Not thread-safe. */
final class CurrentFile {
    private static final Object WITHOUT_KEY = "without key";

    private final Path path;
    private final RecordOpener opener;
    private @Nullable RandomAccessFile handle;
    /** Null while there is to be no file yet. */
    private @Nullable Object identity;

    private long length;
    private long startOfLastLine;

    CurrentFile(Path path, RecordOpener opener) {
        this.path = path;
        this.opener = opener;
    }

    /** Whether what lies there is a file, and not a link or something else; true if nothing lies there. */
    boolean isFileOrMissing() {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether something lies there that must not be lost: anything but an empty file. */
    boolean isWorthKeeping() throws IOException {
        return !Files.notExists(path, LinkOption.NOFOLLOW_LINKS)
                && (!attributes().isRegularFile() || attributes().size() > 0);
    }

    /**
     * Opens the file, makes it if it is missing, and takes it for right as it is.
     *
     * @param last the record's last line; null if it is not in this file
     */
    void accept(@Nullable ChainLine last) throws IOException {
        length = open().length();
        startOfLastLine = last == null ? length : last.start();
        identity = identity(attributes());
    }

    /** There is to be no file: the next line makes one. */
    void beginAnew() {
        identity = null;
        length = 0;
        startOfLastLine = 0;
    }

    /**
     * What somebody else did to the file since the agent wrote to it; null if nothing shows. Looks at the file and at its last line.
     *
     * @param hash of the record's last line
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
            return now.isRegularFile() && now.size() == 0 ? null : "lies where the agent was about to begin a new one";
        }
        if (!now.isRegularFile() || !Objects.equals(identity, identity(now))) {
            return "is another file than before";
        }
        if (now.size() != length) {
            return "has " + now.size() + " bytes and should have " + length;
        }
        return length == startOfLastLine || lastLine().equals(hash) ? null : "was changed in its last line";
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
     * Windows has no key, and there nobody can replace a file that is open. Its creation time cannot take the place: Wine changes it with each
     * write. A file that was replaced while it was closed shows by its length or its last line.
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
     * @throws IOException if that failed; what was written of the line is taken back, or else {@link #isKnown} is false
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

    /** False after a line that failed and could not be taken back. */
    boolean isKnown() {
        return length >= 0;
    }

    /** Removes what follows that byte. */
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

    /** Gives the file another name and ends with it. */
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
