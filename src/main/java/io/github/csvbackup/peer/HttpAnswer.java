package io.github.csvbackup.peer;

import io.github.csvbackup.text.Ascii;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An HTTP/1.1 answer. Only what an agent sends is understood: a body with its length, neither in chunks nor compressed.
 *
 * @param location where a redirect leads; empty if there is no such header
 * @param keep whether the connection may serve another request
 */
record HttpAnswer(int status, String location, String body, boolean keep) {
    /** The largest body in bytes. */
    static final int LARGEST = 256 * 1024;

    private static final int LARGEST_HEAD = 16 * 1024;

    /** The answer is not HTTP/1.1, or is something that an agent does not send. The message is a clause without a subject. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** What the head says. */
    private static final class Head {
        private int status;
        private int length = -1;
        private boolean close;
        private String location = "";
    }

    /**
     * Reads one answer.
     *
     * @throws LostException if the connection ends before its first byte
     * @throws EOFException if it ends later
     * @throws MalformedException if it is not one of an agent
     */
    static HttpAnswer read(InputStream in) throws IOException {
        Head head = head(in);
        byte[] body = in.readNBytes(head.length);
        if (body.length < head.length) {
            throw new EOFException(
                    "the connection ended after " + body.length + " of " + head.length + " bytes of the answer");
        }
        return new HttpAnswer(
                head.status,
                head.location,
                new String(body, StandardCharsets.UTF_8),
                // Whatever follows is not the answer to the next question.
                !head.close && in.available() == 0);
    }

    private static Head head(InputStream in) throws IOException {
        Head head = new Head();
        int left = LARGEST_HEAD;
        String line = line(in, left, true);
        head.status = status(line);
        while (true) {
            left -= line.length() + 2;
            line = line(in, left, false);
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new MalformedException("sent a header line without a name");
            }
            header(
                    head,
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (head.length < 0) {
            throw new MalformedException("sent an answer without its length");
        }
        return head;
    }

    private static void header(Head head, String name, String value) throws MalformedException {
        switch (name) {
            case "content-length" -> {
                if (head.length >= 0) {
                    throw new MalformedException("sent an answer with two lengths");
                }
                head.length = length(value);
            }
            case "transfer-encoding" -> throw new MalformedException("sent an answer in chunks, which no agent does");
            case "content-encoding" ->
                throw new MalformedException("sent a compressed answer, which was not asked for");
            case "connection" -> head.close = value.toLowerCase(Locale.ROOT).contains("close");
            case "location" -> head.location = value;
            default -> {}
        }
    }

    private static int length(String value) throws MalformedException {
        if (value.isEmpty() || !Ascii.areDigits(value, 0)) {
            throw new MalformedException("sent a length that is not a number");
        }
        // Longer numbers are above the limit too.
        int length = value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value);
        if (length > LARGEST) {
            throw new MalformedException("sent an answer of " + value + " bytes, and at most " + LARGEST + " are read");
        }
        return length;
    }

    private static int status(String line) throws MalformedException {
        if (line.startsWith("HTTP/1.0 ")) {
            throw new MalformedException("sent HTTP/1.0, which no agent does");
        }
        if (!line.startsWith("HTTP/1.1 ")
                || line.length() < 12
                || !Ascii.areDigits(line.substring(9, 12), 0)
                || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw new MalformedException("sent something that is not HTTP");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static String line(InputStream in, int most, boolean first) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() <= most) {
            int next = in.read();
            if (next < 0) {
                if (first && line.length() == 0) {
                    throw new LostException("the connection ended without an answer");
                }
                throw new EOFException("the connection ended within the head of the answer");
            }
            if (next == '\n' && line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append((char) next);
        }
        throw new MalformedException(first ? "sent something that is not HTTP" : "sent a head that is too long");
    }
}
