package io.github.csvbackup.hostile;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One answer of an HTTP server, read to the end that its head declares.
 *
 * @param headers by name in lower case; the last one if a name is repeated
 * @param text the body, decoded as UTF-8
 */
public record HttpAnswer(int status, Map<String, String> headers, String text) {
    private static final int LONGEST_HEAD = 65_536;

    /**
     * Reads the next final answer.
     *
     * @param bodiless true if it answers HEAD
     * @throws EOFException if the connection ends before its first byte or in its middle
     */
    static HttpAnswer read(InputStream in, boolean bodiless) throws IOException {
        HttpAnswer answer = readOne(in, bodiless);
        while (answer.isInterim()) {
            answer = readOne(in, bodiless);
        }
        return answer;
    }

    /** Reads the next answer, including an interim one. */
    static HttpAnswer readOne(InputStream in, boolean bodiless) throws IOException {
        String line = line(in);
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            throw new IOException("not the first line of an answer: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header of an answer: " + header);
            }
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return new HttpAnswer(status, headers, new String(body(in, status, headers, bodiless), StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, int status, Map<String, String> headers, boolean bodiless)
            throws IOException {
        if (bodiless || status < 200 || status == 204 || status == 304) {
            return new byte[0];
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks(in);
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(in, Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.writeBytes(exactly(in, size));
            line(in);
        }
        while (!line(in).isEmpty()) {
            // A trailer.
        }
        return body.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ends after \"" + line + "\"");
            }
            if (line.size() > LONGEST_HEAD) {
                throw new IOException("a line of an answer's head has no end");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private boolean isInterim() {
        return status < 200;
    }

    /** Whether the server keeps the connection open. */
    boolean keepsConnection() {
        return !headers.getOrDefault("connection", "").equalsIgnoreCase("close")
                && (headers.containsKey("content-length") || headers.containsKey("transfer-encoding"));
    }
}
