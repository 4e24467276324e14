package io.github.csvbackup.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The beginning of longer texts, deflated once. Together with a text that is new each time it gives one member of a gzip file (RFC 1952): some
 * clients read only the first of several members. Immutable.
 */
public final class DeflatedText {
    private static final int BUFFER_BYTES = 16 * 1024;
    /** Magic number, method deflate, no flags, no time, no extra flags, unknown system (RFC 1952, section 2.3). */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

    private final PiecedText deflated;
    private final long length;
    private final int sum;

    private DeflatedText(PiecedText deflated, long length, int sum) {
        this.deflated = deflated;
        this.length = length;
        this.sum = sum;
    }

    /** Deflates the text, and does not keep it. */
    public static DeflatedText of(PiecedText plain) {
        return new DeflatedText(deflate(plain, Deflater.FULL_FLUSH), plain.length(), sum(plain));
    }

    /** This text and then another one, as a gzip file. The deflated part of this one is shared, not copied. */
    public PiecedText gzipWith(PiecedText rest) {
        ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        trailer.putInt(Crc.joined(sum, sum(rest), rest.length())).putInt((int) (length + rest.length()));
        return PiecedText.join(List.of(
                PiecedText.ofBytes(HEADER),
                deflated,
                deflate(rest, Deflater.NO_FLUSH),
                PiecedText.ofBytes(trailer.array())));
    }

    private static int sum(PiecedText text) {
        CRC32 sum = new CRC32();
        for (int i = 0; i < text.pieces(); i++) {
            sum.update(text.piece(i));
        }
        return (int) sum.getValue();
    }

    /**
     * Raw deflate.
     *
     * @param flush FULL_FLUSH leaves the stream open at a byte boundary, so that another one can follow; NO_FLUSH ends it
     */
    private static PiecedText deflate(PiecedText text, int flush) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            PiecedText.Builder out = new PiecedText.Builder();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int i = 0; i < text.pieces(); i++) {
                deflater.setInput(text.piece(i));
                drain(deflater, Deflater.NO_FLUSH, buffer, out);
            }
            if (flush == Deflater.NO_FLUSH) {
                deflater.finish();
            }
            drain(deflater, flush, buffer, out);
            return out.build();
        } finally {
            deflater.end();
        }
    }

    private static void drain(Deflater deflater, int flush, byte[] buffer, PiecedText.Builder out) {
        int count = deflater.deflate(buffer, 0, buffer.length, flush);
        while (count > 0) {
            out.write(buffer, 0, count);
            count = deflater.deflate(buffer, 0, buffer.length, flush);
        }
    }
}
