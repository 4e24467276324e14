package io.github.csvbackup.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads lines as bytes, in bounded memory. Not thread-safe. */
final class LineReader {
    /** The longest line that the agent writes and reads, in bytes. */
    static final int LONGEST = 1024 * 1024;

    private static final String TOO_LONG = "(longer than any line of the agent)";

    private final Path file;
    private final InputStream in;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(8192);
    private final byte[] buffer = new byte[65536];
    private int next;
    private int filled;
    private long offset;
    private int position;
    private boolean tooLong;

    LineReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** The next line; null at the end. */
    @Nullable
    ChainLine read() throws IOException {
        long start = offset;
        tooLong = false;
        text.reset();
        int b = nextByte();
        if (b < 0) {
            return null;
        }
        boolean carriageReturn = false;
        while (b >= 0 && b != '\n') {
            if (carriageReturn) {
                take('\r');
            }
            carriageReturn = b == '\r';
            if (!carriageReturn) {
                take(b);
            }
            b = nextByte();
        }
        if (carriageReturn && b < 0) {
            take('\r');
        }
        ChainLine.End end = b < 0
                ? ChainLine.End.NONE
                : carriageReturn ? ChainLine.End.CARRIAGE_RETURN_LINE_FEED : ChainLine.End.LINE_FEED;
        digest.update(text.toByteArray());
        String line = tooLong ? TOO_LONG : text.toString(StandardCharsets.UTF_8);
        String hash = HexFormat.of().formatHex(digest.digest());
        return new ChainLine(file, ++position, start, line, hash, end, tooLong ? null : AuditRecord.parse(line));
    }

    private void take(int b) {
        if (text.size() == LONGEST) {
            // The hash is for the whole line. The text is not needed any more, since no line of the agent is so long.
            digest.update(text.toByteArray());
            text.reset();
            tooLong = true;
        }
        text.write(b);
    }

    private int nextByte() throws IOException {
        if (next == filled) {
            filled = Math.max(0, in.read(buffer));
            next = 0;
            if (filled == 0) {
                return -1;
            }
        }
        offset++;
        return buffer[next++] & 0xFF;
    }

    static String hash(String line) {
        return HexFormat.of().formatHex(sha256().digest(line.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
