package io.github.csvbackup.http.server;

import java.io.ByteArrayOutputStream;

/** Collects the body of a request, by its length or from chunks (RFC 9112, 7.1). It grows as bytes arrive, whatever length was promised. */
final class BodyParser {
    private static final int LONGEST_LINE = 1024;
    private static final int LONGEST_TRAILERS = 8 * 1024;
    private static final int LONGEST_SIZE = 8;

    private enum Part {
        DATA,
        AFTER_DATA,
        SIZE,
        TRAILERS,
        WHOLE
    }

    private final InputBuffer input;
    private final int largest;
    private final boolean chunked;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private Part part;
    private long missing;
    private int trailers;

    /** @param largest bytes that a body may have */
    BodyParser(InputBuffer input, Head head, int largest) throws MalformedRequestException {
        this.input = input;
        this.largest = largest;
        this.chunked = head.isChunked();
        this.part = chunked ? Part.SIZE : Part.DATA;
        expect(chunked ? 0 : head.length());
    }

    private void expect(long length) throws MalformedRequestException {
        if (body.size() + length > largest) {
            throw new MalformedRequestException(413, "The body is larger than " + largest + " bytes. Send less.");
        }
        missing = length;
    }

    /** Uses what has arrived. @return true once the body is whole */
    boolean advance() throws MalformedRequestException {
        while (part != Part.WHOLE) {
            boolean stepped = switch (part) {
                case DATA -> data();
                case AFTER_DATA -> afterData();
                case SIZE -> size();
                case TRAILERS -> trailer();
                case WHOLE -> true;
            };
            if (!stepped) {
                return false;
            }
        }
        return true;
    }

    /** What has been collected. */
    byte[] bytes() {
        return body.toByteArray();
    }

    int collected() {
        return body.size();
    }

    private boolean data() {
        int count = (int) Math.min(missing, input.size());
        body.writeBytes(input.take(count));
        missing -= count;
        if (missing > 0) {
            return false;
        }
        part = chunked ? Part.AFTER_DATA : Part.WHOLE;
        return true;
    }

    private boolean afterData() throws MalformedRequestException {
        if (input.size() < 2) {
            return false;
        }
        if (input.lineEnd(0) != 0) {
            throw wrong();
        }
        input.skip(2);
        part = Part.SIZE;
        return true;
    }

    private boolean size() throws MalformedRequestException {
        int end = line(LONGEST_LINE);
        if (end < 0) {
            return false;
        }
        String line = input.takeText(end);
        input.skip(2);
        // What follows a semicolon is an extension, and none has a meaning here.
        int semicolon = line.indexOf(';');
        String size = HeadParser.trimmed(semicolon < 0 ? line : line.substring(0, semicolon));
        if (!HeadParser.isPrintable(line)
                || size.isEmpty()
                || size.length() > LONGEST_SIZE
                || !size.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)) {
            throw wrong();
        }
        expect(Long.parseLong(size, 16));
        part = missing == 0 ? Part.TRAILERS : Part.DATA;
        return true;
    }

    /** Trailers say nothing that counts here. */
    private boolean trailer() throws MalformedRequestException {
        int end = line(LONGEST_TRAILERS - trailers);
        if (end < 0) {
            return false;
        }
        trailers += end + 2;
        if (!HeadParser.isPrintable(input.takeText(end))) {
            throw wrong();
        }
        input.skip(2);
        part = end == 0 ? Part.WHOLE : Part.TRAILERS;
        return true;
    }

    private int line(int longest) throws MalformedRequestException {
        int end = input.lineEnd(0);
        if (end > longest || (end < 0 && input.size() > longest)) {
            throw wrong();
        }
        return end;
    }

    private static MalformedRequestException wrong() {
        return new MalformedRequestException(
                400,
                "The chunks of the body are wrong: each is its size in hexadecimal digits, CR LF, the bytes, CR LF.");
    }
}
