package io.github.csvbackup.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The record as a file of JSON lines. Each line carries a number and the SHA-256 of the line before (without its line feed), so that
 * a removed or changed line shows. Each line is flushed to the disk before {@link #append} returns.
 */
public final class AuditFile implements Audit, AutoCloseable {
    /** Not a channel: that would be closed for good by the interrupt of any thread that writes. */
    private final RandomAccessFile file;

    private long lines;
    private String previousHash;
    private boolean torn;

    private AuditFile(RandomAccessFile file, long lines, String previousHash, boolean torn) {
        this.file = file;
        this.lines = lines;
        this.previousHash = previousHash;
        this.torn = torn;
    }

    /**
     * Opens the record, creating it if there is none.
     *
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path path) throws IOException {
        long lines = 0;
        String last = "";
        if (Files.exists(path)) {
            // A byte that is no UTF-8 shows in the hash; it must not keep the agent from starting.
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines++;
                    last = line;
                }
            }
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean torn = false;
        if (file.length() > 0) {
            file.seek(file.length() - 1);
            torn = file.read() != '\n';
        }
        return new AuditFile(file, lines, lines == 0 ? "" : hash(last), torn);
    }

    @Override
    public synchronized void append(AuditLine line) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", lines + 1);
        json.put("previous", previousHash);
        json.put("id", line.id());
        json.put("kind", line.kind());
        json.put("at", line.at().toString());
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
        previousHash = hash(text);
    }

    private void undo(long size, IOException failure) {
        try {
            file.setLength(size);
        } catch (IOException e) {
            torn = true;
            failure.addSuppressed(e);
        }
    }

    private static String hash(String line) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
