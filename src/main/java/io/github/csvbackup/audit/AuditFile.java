package io.github.csvbackup.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The record as a file of JSON lines. Each line carries a number and the SHA-256 of the line before (without its line feed), so that
 * a removed or changed line shows. Each line is flushed to the disk before {@link #append} returns.
 */
public final class AuditFile implements Audit, AutoCloseable {
    private final FileChannel channel;
    private long lines;
    private String previousHash;

    private AuditFile(FileChannel channel, long lines, String previousHash) {
        this.channel = channel;
        this.lines = lines;
        this.previousHash = previousHash;
    }

    /**
     * Opens the record, creating it if there is none.
     *
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path file) throws IOException {
        List<String> existing = Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long end = channel.size();
        channel.position(end);
        if (end > 0 && endsInsideALine(channel, end)) {
            // A line that was cut off by a crash stays as it is; the next one begins on a line of its own.
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return new AuditFile(
                channel, existing.size(), existing.isEmpty() ? "" : hash(existing.get(existing.size() - 1)));
    }

    private static boolean endsInsideALine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) != '\n';
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
        long before = channel.position();
        try {
            ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            undo(before, e);
            throw e;
        }
        lines++;
        previousHash = hash(text);
    }

    private void undo(long size, IOException failure) {
        try {
            channel.truncate(size);
            channel.position(size);
        } catch (IOException e) {
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
        channel.close();
    }
}
