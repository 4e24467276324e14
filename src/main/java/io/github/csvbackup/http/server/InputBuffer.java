package io.github.csvbackup.http.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that have been received but not consumed. An empty buffer holds no memory. Not thread-safe. */
final class InputBuffer {
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    byte at(int index) {
        return bytes[start + index];
    }

    void append(ByteBuffer arrived) {
        int more = arrived.remaining();
        if (end + more > bytes.length) {
            int size = size();
            byte[] grown = size + more > bytes.length ? new byte[Math.max(size + more, 512)] : bytes;
            System.arraycopy(bytes, start, grown, 0, size);
            bytes = grown;
            start = 0;
            end = size;
        }
        arrived.get(bytes, end, more);
        end += more;
    }

    /** Removes the first bytes. */
    byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
        skip(count);
        return taken;
    }

    /** Removes the first bytes and returns them as text, one character a byte. */
    String takeText(int count) {
        String text = new String(bytes, start, count, StandardCharsets.ISO_8859_1);
        skip(count);
        return text;
    }

    void skip(int count) {
        start += count;
        if (start == end) {
            bytes = NONE;
            start = 0;
            end = 0;
        }
    }

    /** The index of the first CR LF at or after an index; -1 if there is none. */
    int lineEnd(int from) {
        for (int i = Math.max(0, from); i + 1 < size(); i++) {
            if (at(i) == '\r' && at(i + 1) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
