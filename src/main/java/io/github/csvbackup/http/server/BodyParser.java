package io.github.csvbackup.http.server;

import java.io.ByteArrayOutputStream;

/** Collects the body of a request, by length or in chunks (RFC 9112, 7.1). Memory grows with the bytes received, not with the announced length. */
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

    /** @param largest maximum size of a body in bytes */
    BodyParser(InputBuffer input, Head head, int largest) throws MalformedRequestException {
        this.input = input;
        this.largest = largest;
        this.chunked = head.isChunked();
        this.part = chunked ? Part.SIZE : Part.DATA;
        expect(chunked ? 0 : head.length());
    }

    private void expect(long length) throws MalformedRequestException {
        if (body.size() + length > largest) {
            throw new MalformedRequestException(
                    413, "The body is larger than " + largest + " bytes. Send a smaller one.");
        }
        missing = length;
    }

    /** Consumes the bytes received so far. @return true when the body is complete */
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

    /** The bytes collected so far. */
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
        // A semicolon starts an extension, which is ignored.
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

    /** Trailers are ignored. */
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
                "The body has an invalid chunk. A chunk is its size in hexadecimal digits, CR LF, the bytes, CR LF.");
    }
}
