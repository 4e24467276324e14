package io.github.csvbackup.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** A client with one kept connection, that costs as little as it can: it shares the machine with what it measures. */
final class Connection implements Closeable {
    private static final int PATIENCE_MILLIS = 60_000;

    /** As Prometheus asks. */
    private static final String PROMETHEUS = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2\r\nAccept-Encoding: gzip\r\n";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String common;
    private byte[] body = new byte[1 << 16];

    Connection(Door door) throws IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(PATIENCE_MILLIS);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()), PATIENCE_MILLIS);
            socket = door.tls() == null ? plain : door.tls().createSocket(plain, "localhost", door.port(), true);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
        common = " HTTP/1.1\r\nHost: 127.0.0.1:" + door.port() + "\r\n"
                + (door.authorization().isEmpty() ? "" : "Authorization: " + door.authorization() + "\r\n");
    }

    /** Gets a path as text. */
    Answer get(String path) throws IOException {
        return send("GET " + path + common + "\r\n");
    }

    /** Gets a path as Prometheus does. */
    Answer scrape(String path) throws IOException {
        return send("GET " + path + common + PROMETHEUS + "\r\n");
    }

    /** Posts JSON. */
    Answer post(String path, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return send("POST " + path + common + "Content-Type: application/json\r\nContent-Length: " + bytes.length
                + "\r\n\r\n" + new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private Answer send(String request) throws IOException {
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = -1;
        boolean chunked = false;
        boolean gzip = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = header.contains("chunked");
            } else if (header.startsWith("content-encoding:")) {
                gzip = header.contains("gzip");
            }
        }
        if (!chunked && length < 0) {
            throw new IOException("an answer without a length");
        }
        // Reading may replace the buffer.
        int total = chunked ? readChunks() : readFully(0, length);
        return new Answer(status, body, total, gzip);
    }

    private int readChunks() throws IOException {
        int total = 0;
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                skipTrailers();
                body = body.length < total ? Arrays.copyOf(body, total) : body;
                return total;
            }
            total = readFully(total, size);
            line();
        }
    }

    private void skipTrailers() throws IOException {
        for (String trailer = line(); !trailer.isEmpty(); ) {
            trailer = line();
        }
    }

    /** Returns where the next part begins. */
    private int readFully(int from, int length) throws IOException {
        if (body.length < from + length) {
            body = Arrays.copyOf(body, Math.max(from + length, body.length * 2));
        }
        if (in.readNBytes(body, from, length) < length) {
            throw new EOFException("the connection ended within an answer");
        }
        return from + length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended within a head");
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
