package io.github.csvbackup.http.server;

import io.github.csvbackup.text.PiecedText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** An answer that is being sent, in pieces as the client accepts them. */
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
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PiecedText body;
    private ByteBuffer unsent;
    private ByteBuffer piece = NOTHING;
    private int next;
    private long left;

    /**
     * Prepares the answer; sends nothing yet.
     *
     * @param withBody false after HEAD
     * @param connection value of the Connection header; empty for none
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
        head.append("Content-Length: ").append(answer.body().length()).append("\r\n");
        if (!connection.isEmpty()) {
            head.append("Connection: ").append(connection).append("\r\n");
        }
        this.unsent = ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        this.body = answer.body();
        this.left = withBody ? body.length() : 0;
    }

    /** Bytes of the body that are still to be sent. */
    int size() {
        return Math.toIntExact(left);
    }

    /**
     * Sends the next bytes.
     *
     * @param scratch buffer for this call
     * @return false if the client accepts nothing more at the moment
     */
    boolean write(Transport transport, ByteBuffer scratch) throws IOException {
        scratch.clear().put(unsent);
        fill(scratch);
        scratch.flip();
        boolean taken = transport.write(scratch);
        unsent = scratch.hasRemaining()
                ? ByteBuffer.allocate(scratch.remaining()).put(scratch).flip()
                : NOTHING;
        return taken;
    }

    private void fill(ByteBuffer scratch) {
        while (left > 0 && scratch.hasRemaining()) {
            if (!piece.hasRemaining()) {
                piece = body.piece(next++);
            }
            int count = Math.min(piece.remaining(), scratch.remaining());
            scratch.put(piece.slice(piece.position(), count));
            piece.position(piece.position() + count);
            left -= count;
        }
    }

    /** True when everything has been handed to the transport. */
    boolean isSent() {
        return left == 0 && !unsent.hasRemaining();
    }
}
