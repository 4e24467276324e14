package io.github.csvbackup.audit;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.json.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record as a file of JSON lines. Each line carries a number and the SHA-256 of the line before (without its line feed), so that
 * a removed or changed line shows. Each line is flushed to the disk before {@link #append} returns. A file that has grown large gets a name with
 * its last line's number, and the chain goes on in a new one; nothing is ever deleted. After any failure the file is closed, and the next line
 * opens it again: what failed may have been the handle, of a share or a disk that went away and came back. Thread-safe.
 */
public final class AuditFile implements Audit, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final long LARGE = 16 * 1024 * 1024;

    /**
     * How a file is opened to be read and written, and made if there is none. Not a channel: that would be closed for good by the interrupt of any
     * thread that writes.
     */
    @FunctionalInterface
    interface Opener {
        RandomAccessFile open(Path file) throws IOException;
    }

    private final Path folder;
    private final String version;
    private final long large;
    private final Opener opener;
    private AuditTail tail = new AuditTail();
    /** The tail is what the files hold: not at the start, and not after a line that failed and could not be taken back. */
    private boolean tailKnown;

    private @Nullable RandomAccessFile file;
    private boolean closed;

    private AuditFile(Path folder, String version, long large, Opener opener) {
        this.folder = folder;
        this.version = version;
        this.large = large;
        this.opener = opener;
    }

    /**
     * Opens the record of a folder, creating it if there is none.
     *
     * @param version the agent's version, which each line carries
     * @param ofNewFile who may do what with a file that is made
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path folder, String version, FileAttribute<?>... ofNewFile) throws IOException {
        return open(folder, version, LARGE, ofNewFile);
    }

    static AuditFile open(Path folder, String version, long large, FileAttribute<?>... ofNewFile) throws IOException {
        return open(
                folder,
                version,
                large,
                file -> TrustedFile.of(file, "The audit " + file, Privacy.READABLE)
                        .open(ofNewFile));
    }

    static AuditFile open(Path folder, String version, long large, Opener opener) throws IOException {
        AuditFile audit = new AuditFile(folder, version, large, opener);
        audit.start();
        return audit;
    }

    private synchronized void start() throws IOException {
        try {
            opened();
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        }
    }

    /** Intents without an outcome, oldest first: of these clears nobody knows how they ended. */
    public synchronized List<AuditRecord> unfinished() {
        return tail.unfinished();
    }

    @Override
    public synchronized List<AuditRecord> recent(int most) {
        return tail.recent(most);
    }

    @Override
    public synchronized void append(AuditLine line) throws IOException {
        if (closed) {
            throw new IOException("the audit is closed");
        }
        try {
            write(notLarge(opened()), "", line);
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        }
    }

    /** The current file. If it has to be opened, a line in it that was cut off stays as it is, and one that says so follows. */
    private RandomAccessFile opened() throws IOException {
        RandomAccessFile now = file;
        if (now != null) {
            return now;
        }
        now = opener.open(folder.resolve(AuditChain.CURRENT));
        file = now;
        boolean torn = isTorn(now);
        if (torn || !tailKnown) {
            tail = AuditTail.read(folder);
            tailKnown = true;
        }
        if (torn) {
            String message = "the line before was cut off, as by a crash or a failure in the middle of writing";
            write(now, "\n", new AuditLine("", AuditChain.TORN, Instant.now(), Map.of("message", message)));
        }
        return now;
    }

    private static boolean isTorn(RandomAccessFile opened) throws IOException {
        if (opened.length() == 0) {
            return false;
        }
        opened.seek(opened.length() - 1);
        return opened.read() != '\n';
    }

    /** The current file, or a new one in its place. Where it cannot be renamed, as while someone reads it on Windows, it grows on. */
    private RandomAccessFile notLarge(RandomAccessFile now) throws IOException {
        if (now.length() < large) {
            return now;
        }
        closeFile();
        try {
            Files.move(
                    folder.resolve(AuditChain.CURRENT),
                    folder.resolve(String.format(Locale.ROOT, "audit-%012d.jsonl", tail.lines())));
        } catch (IOException e) {
            LOG.warn("The audit has grown large and could not be renamed: {}", e.toString());
        }
        return opened();
    }

    private void write(RandomAccessFile to, String before, AuditLine line) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", tail.lines() + 1);
        json.put("previous", tail.hash());
        json.put("id", line.id());
        json.put("kind", line.kind());
        json.put("at", line.at().toString());
        json.put("version", version);
        json.putAll(line.fields());
        String text = Json.write(json);
        byte[] bytes = (before + text + "\n").getBytes(StandardCharsets.UTF_8);
        long size = to.length();
        try {
            to.seek(size);
            to.write(bytes);
            to.getFD().sync();
        } catch (IOException e) {
            tailKnown = undone(to, size, e);
            throw e;
        }
        tail.add(text, new AuditRecord(json));
    }

    private static boolean undone(RandomAccessFile file, long size, IOException failure) {
        try {
            file.setLength(size);
            return true;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    private void closeAfter(IOException failure) {
        try {
            closeFile();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void closeFile() throws IOException {
        RandomAccessFile now = file;
        file = null;
        if (now != null) {
            now.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }
}
