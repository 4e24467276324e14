package io.github.csvbackup.agent.log;

import io.github.csvbackup.state.FileTrouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log in files: {@code agent.log} for new lines, {@code agent.1.log} for those before, and so on. Nothing that happens to the files reaches the
 * caller: a problem is reported once, each further line tries again, and the first line that works says how many are missing. Thread-safe.
 */
final class LogFile implements AutoCloseable {
    /** The size in bytes at which the file is rotated. */
    static final long LARGEST = 10_000_000;

    /** The number of files, with the one for new lines. */
    static final int FILES = 5;

    private final Path directory;
    private final Path path;
    private final Disk files;
    private final long largest;
    private final Consumer<String> report;
    private @Nullable RandomAccessFile handle;
    private @Nullable Object key;
    private boolean failing;
    private boolean growing;
    private boolean closed;
    private long missing;

    /** The operations on the disk that can fail. */
    interface Disk {
        /** Opens a file, or creates it. */
        RandomAccessFile open(Path file) throws IOException;

        /** Renames a file, and replaces a file of that name. */
        default void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Does not access the disk yet.
     *
     * @param largest the size in bytes at which a file is rotated
     * @param report receives a sentence when a problem begins or ends
     */
    LogFile(Path directory, Disk files, long largest, Consumer<String> report) {
        this.directory = directory;
        this.path = directory.resolve("agent.log");
        this.files = files;
        this.largest = largest;
        this.report = report;
    }

    /**
     * Opens the file, or creates it. Lines do this too; this is for the start of the agent, which refuses a link or a file of others.
     *
     * @throws IOException if that is not possible
     */
    synchronized void open() throws IOException {
        opened();
    }

    /** Appends a line, with its line end. */
    synchronized void write(String line) {
        if (closed) {
            return;
        }
        try {
            append(line);
        } catch (IOException e) {
            failed(FileTrouble.of(e));
        } catch (RuntimeException e) {
            failed(e.toString());
        }
    }

    private void append(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        RandomAccessFile to = opened();
        if (to.length() > 0 && to.length() + bytes.length > largest) {
            to = rotated(to);
        }
        if (missing > 0) {
            append(
                    to,
                    (missing + " lines are missing here, because the file could not be written"
                                    + System.lineSeparator())
                            .getBytes(StandardCharsets.UTF_8));
        }
        append(to, bytes);
        if (failing) {
            report.accept("The log file " + path + " is written again; " + missing + " lines are missing");
            failing = false;
        }
        missing = 0;
    }

    /** All of it or nothing, so that a full disk leaves no half lines. */
    private static void append(RandomAccessFile to, byte[] bytes) throws IOException {
        long end = to.length();
        try {
            to.seek(end);
            to.write(bytes);
        } catch (IOException e) {
            try {
                to.setLength(end);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** The open file, if the path still means it. On Windows, an open file cannot be renamed or deleted, and files have no key. */
    private RandomAccessFile opened() throws IOException {
        RandomAccessFile current = handle;
        if (current != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, keyNow())) {
            return current;
        }
        closeHandle();
        RandomAccessFile opened = files.open(path);
        handle = opened;
        key = keyNow();
        endLastLine(opened);
        return opened;
    }

    private @Nullable Object keyNow() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** A process that was killed can leave half a line. */
    private static void endLastLine(RandomAccessFile file) throws IOException {
        long length = file.length();
        if (length == 0) {
            return;
        }
        file.seek(length - 1);
        if (file.read() != '\n') {
            file.write(System.lineSeparator().getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** If the file cannot be renamed, for example while another program reads it on Windows, it grows, but not without end. */
    private RandomAccessFile rotated(RandomAccessFile full) throws IOException {
        long length = full.length();
        closeHandle();
        try {
            shift();
            growing = false;
        } catch (IOException e) {
            String problem = FileTrouble.of(e);
            if (length >= largest * FILES) {
                throw new IOException("it has " + length + " bytes and cannot be renamed (" + problem + ")", e);
            }
            if (!growing) {
                report.accept("The log file " + path + " is large, but cannot be renamed: " + problem
                        + ". It grows until this works again, to at most " + largest * FILES + " bytes");
                growing = true;
            }
        }
        return opened();
    }

    /** Renames only up to the first free name: a failure half-way, and the attempts after it, must not delete a file each time. */
    private void shift() throws IOException {
        int free = 1;
        while (free < FILES - 1 && Files.exists(numbered(free), LinkOption.NOFOLLOW_LINKS)) {
            free++;
        }
        for (int to = free; to > 0; to--) {
            files.move(numbered(to - 1), numbered(to));
        }
    }

    private Path numbered(int number) {
        return number == 0 ? path : directory.resolve("agent." + number + ".log");
    }

    private void failed(String problem) {
        missing++;
        closeHandle();
        if (!failing) {
            report.accept("The log file " + path + " cannot be written: " + problem
                    + ". Until this works again, lines go only to stderr");
            failing = true;
        }
    }

    private void closeHandle() {
        RandomAccessFile current = handle;
        handle = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                // Each line was already given to the operating system.
                key = null;
            }
        }
    }

    /** Closes the file; later lines are ignored. */
    @Override
    public synchronized void close() {
        closed = true;
        closeHandle();
    }
}
