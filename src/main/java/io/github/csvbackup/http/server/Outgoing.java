package io.github.csvbackup.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** An answer on its way. The text is encoded in pieces, as the client takes them: there is never a second copy of it. */
final class Outgoing {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));
    /** Of one character in UTF-8. */
    private static final int MOST_BYTES = 3;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final String text;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer unsent;
    private int at;

    /**
     * Nothing of it is sent yet.
     *
     * @param withBody false after HEAD
     * @param connection what the header Connection says; empty for none
     */
    Outgoing(Answer answer, boolean withBody, String connection, Instant now) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(REASONS.getOrDefault(answer.status(), ""))
                .append("\r\nDate: ")
                .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)))
                .append("\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(utf8Length(answer.body())).append("\r\n");
        if (!connection.isEmpty()) {
            head.append("Connection: ").append(connection).append("\r\n");
        }
        this.unsent = ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        this.text = withBody ? answer.body() : "";
    }

    /** How many characters wait for the client. */
    int size() {
        return text.length() - at;
    }

    /**
     * Writes the next piece.
     *
     * @param scratch memory for this call
     * @param characters more of it
     * @return false if the client takes nothing more now
     */
    boolean write(Transport transport, ByteBuffer scratch, char[] characters) throws IOException {
        scratch.clear().put(unsent);
        encode(scratch, characters);
        scratch.flip();
        boolean taken = transport.write(scratch);
        unsent = scratch.hasRemaining()
                ? ByteBuffer.allocate(scratch.remaining()).put(scratch).flip()
                : NOTHING;
        return taken;
    }

    /** As much as surely fits; the two halves of a surrogate pair together. */
    private void encode(ByteBuffer scratch, char[] characters) {
        int count = Math.min(size(), Math.min(characters.length, scratch.remaining() / MOST_BYTES));
        if (count > 0 && count < size() && Character.isHighSurrogate(text.charAt(at + count - 1))) {
            count--;
        }
        text.getChars(at, at + count, characters, 0);
        at += count;
        encoder.reset().encode(CharBuffer.wrap(characters, 0, count), scratch, true);
    }

    /** True once all was handed to the transport. */
    boolean isSent() {
        return size() == 0 && !unsent.hasRemaining();
    }

    /** As the encoder counts: a surrogate without its other half becomes a question mark. */
    static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else if (c < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                length += 4;
                i++;
            } else {
                length++;
            }
        }
        return length;
    }
}
