package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record as a file of JSON lines. Each line carries a number and the SHA-256 of the line before (without its line feed), so that
 * a removed or changed line shows. Each line is flushed to the disk before {@link #append} returns. A file that has grown large gets a name with
 * its last line's number, and the chain goes on in a new one; nothing is ever deleted. Thread-safe.
 */
public final class AuditFile implements Audit, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final long LARGE = 16 * 1024 * 1024;
    private static final int RECENT = 500;

    private final Path folder;
    private final String version;
    private final long large;
    private final Deque<AuditRecord> recent = new ArrayDeque<>();
    private final Map<String, AuditRecord> unfinished = new LinkedHashMap<>();
    /** Not a channel: that would be closed for good by the interrupt of any thread that writes. */
    private RandomAccessFile file;

    private long lines;
    private String previousHash = "";
    private boolean torn;
    private boolean closed;

    private AuditFile(Path folder, String version, long large) throws IOException {
        this.folder = folder;
        this.version = version;
        this.large = large;
        AuditChain.read(folder, (path, number, text, record) -> {
            lines++;
            previousHash = AuditChain.hash(text);
            if (record != null) {
                remember(record);
            }
        });
        this.file = openCurrent();
    }

    /**
     * Opens the record of a folder, creating it if there is none.
     *
     * @param version the agent's version, which each line carries
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path folder, String version) throws IOException {
        return open(folder, version, LARGE);
    }

    static AuditFile open(Path folder, String version, long large) throws IOException {
        AuditFile audit = new AuditFile(folder, version, large);
        if (audit.torn) {
            audit.append(new AuditLine(
                    "",
                    AuditChain.TORN,
                    Instant.now(),
                    Map.of("message", "the line before was cut off, as by a crash in the middle of writing")));
        }
        return audit;
    }

    private RandomAccessFile openCurrent() throws IOException {
        RandomAccessFile opened =
                new RandomAccessFile(folder.resolve(AuditChain.CURRENT).toFile(), "rw");
        if (opened.length() > 0) {
            opened.seek(opened.length() - 1);
            torn = opened.read() != '\n';
        }
        return opened;
    }

    private void remember(AuditRecord record) {
        recent.addLast(record);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        String id = record.text("id");
        switch (record.text("kind")) {
            case "intent" -> unfinished.put(id, record);
            case "outcome", "unfinished" -> unfinished.remove(id);
            default -> {}
        }
    }

    /** Intents without an outcome, oldest first: of these clears nobody knows how they ended. */
    public synchronized List<AuditRecord> unfinished() {
        return List.copyOf(unfinished.values());
    }

    @Override
    public synchronized List<AuditRecord> recent(int most) {
        List<AuditRecord> last = new ArrayList<>(recent);
        return List.copyOf(last.subList(Math.max(0, last.size() - most), last.size()));
    }

    @Override
    public synchronized void append(AuditLine line) throws IOException {
        if (closed) {
            throw new IOException("the audit is closed");
        }
        rotateIfLarge();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", lines + 1);
        json.put("previous", previousHash);
        json.put("id", line.id());
        json.put("kind", line.kind());
        json.put("at", line.at().toString());
        json.put("version", version);
        json.putAll(line.fields());
        String text = Json.write(json);
        // A line that was cut off stays as it is; the next one begins on a line of its own.
        byte[] bytes = ((torn ? "\n" : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
        long before = file.length();
        try {
            file.seek(before);
            file.write(bytes);
            file.getFD().sync();
        } catch (IOException e) {
            undo(before, e);
            throw e;
        }
        torn = false;
        lines++;
        previousHash = AuditChain.hash(text);
        remember(new AuditRecord(json));
    }

    private void undo(long size, IOException failure) {
        try {
            file.setLength(size);
        } catch (IOException e) {
            torn = true;
            failure.addSuppressed(e);
        }
    }

    /** Where it cannot be renamed, as while someone reads it on Windows, it grows on. */
    private void rotateIfLarge() throws IOException {
        if (file.length() < large || torn) {
            return;
        }
        file.close();
        try {
            Files.move(folder.resolve(AuditChain.CURRENT), folder.resolve(String.format("audit-%012d.jsonl", lines)));
        } catch (IOException e) {
            LOG.warn("The audit has grown large and could not be renamed: {}", e.getMessage());
        }
        file = openCurrent();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        file.close();
    }
}
