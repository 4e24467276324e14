package io.github.csvbackup.text;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A UTF-8 text in pieces of bounded size, so that a text of megabytes needs no large array, and no second copy while it grows. Immutable. */
public final class PiecedText {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int CHARACTERS_AT_ONCE = 16 * 1024;

    private final List<ByteBuffer> pieces;
    private final long length;

    private PiecedText(List<ByteBuffer> pieces, long length) {
        this.pieces = List.copyOf(pieces);
        this.length = length;
    }

    /** The text of a string, with U+FFFD instead of each unpaired surrogate. */
    public static PiecedText of(String text) {
        Builder builder = new Builder();
        int end;
        for (int at = 0; at < text.length(); at = end) {
            end = Math.min(text.length(), at + CHARACTERS_AT_ONCE);
            if (end < text.length() && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end))) {
                end++;
            }
            byte[] bytes = OutsideText.wellFormed(text.substring(at, end)).getBytes(StandardCharsets.UTF_8);
            builder.write(bytes, 0, bytes.length);
        }
        return builder.build();
    }

    /** A text of these bytes, which are not copied. */
    static PiecedText ofBytes(byte[] bytes) {
        return new PiecedText(List.of(ByteBuffer.wrap(bytes)), bytes.length);
    }

    /** One text after the other; the pieces are shared, not copied. */
    public static PiecedText join(List<PiecedText> texts) {
        return new PiecedText(
                texts.stream().flatMap(text -> text.pieces.stream()).toList(),
                texts.stream().mapToLong(PiecedText::length).sum());
    }

    /**
     * The beginning of the text; the pieces are shared, not copied.
     *
     * @param bytes its length, at most that of this text
     */
    public PiecedText start(long bytes) {
        List<ByteBuffer> some = new ArrayList<>();
        long left = Math.min(bytes, length);
        for (ByteBuffer piece : pieces) {
            if (left > 0) {
                int count = (int) Math.min(left, piece.remaining());
                some.add(piece.slice(piece.position(), count));
                left -= count;
            }
        }
        return new PiecedText(some, Math.min(bytes, length));
    }

    /** The size in bytes. */
    public long length() {
        return length;
    }

    /** The number of pieces that are the same memory as pieces of another text. */
    @SuppressWarnings("ReferenceEquality") // equal bytes in other memory are not shared
    int sharesWith(PiecedText other) {
        return (int) pieces.stream()
                .filter(piece -> other.pieces.stream().anyMatch(each -> each == piece))
                .count();
    }

    /** The number of pieces. */
    public int pieces() {
        return pieces.size();
    }

    /** The bytes of one piece; each call returns a new buffer. */
    public ByteBuffer piece(int index) {
        return pieces.get(index).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        byte[] all = new byte[Math.toIntExact(length)];
        ByteBuffer whole = ByteBuffer.wrap(all);
        for (int i = 0; i < pieces(); i++) {
            whole.put(piece(i));
        }
        return new String(all, StandardCharsets.UTF_8);
    }

    /** Collects the bytes of a text. Not thread-safe. */
    public static final class Builder extends OutputStream {
        private final List<ByteBuffer> full = new ArrayList<>();
        private ByteBuffer last = ByteBuffer.allocate(512);
        private long length;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            int at = offset;
            int left = count;
            while (left > 0) {
                if (!last.hasRemaining()) {
                    grow();
                }
                int some = Math.min(left, last.remaining());
                last.put(bytes, at, some);
                at += some;
                left -= some;
            }
            length += count;
        }

        private void grow() {
            if (last.capacity() < PIECE_BYTES) {
                last = ByteBuffer.allocate(Math.min(PIECE_BYTES, 4 * last.capacity()))
                        .put(last.flip());
            } else {
                full.add(last.flip());
                last = ByteBuffer.allocate(PIECE_BYTES);
            }
        }

        /** Returns the text. Do not write after this call. */
        public PiecedText build() {
            last.flip();
            boolean isWasteful = last.capacity() - last.limit() > last.limit() / 2;
            full.add(isWasteful ? ByteBuffer.allocate(last.limit()).put(last).flip() : last);
            return new PiecedText(full, length);
        }
    }
}
