package io.github.csvbackup.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Ways in which clients occupy a server: each makes it wait in a different phase of a request. */
public enum SlowKind {
    /** A TLS client that sends half of its first message. */
    HALF_HANDSHAKE(500, true, 0),
    /** A TLS client that sends its first message and then nothing: the server has computed its keys and waits. */
    SILENT_HANDSHAKE(500, true, 0),
    HALF_HEAD(500, false, 'x'),
    HALF_BODY(500, false, ' '),
    /** A request that is refused because of its head and whose body never arrives. */
    REJECT_WITHOUT_BODY(500, false, 0),
    /** A client that requests a large answer and reads single bytes slowly. */
    SLOW_READER(100, false, 0);

    private static final String FOREIGN_HOST = "elsewhere.example.com";

    private final int count;
    private final boolean tls;
    private final int drip;

    SlowKind(int count, boolean tls, int drip) {
        this.count = count;
        this.tls = tls;
        this.drip = drip;
    }

    /** The number of such clients. */
    public int count() {
        return count;
    }

    /** Whether the server must use TLS. */
    public boolean tls() {
        return tls;
    }

    boolean readsSlowly() {
        return this == SLOW_READER;
    }

    /** What a client sends after connecting. */
    byte[] opening(String host) {
        return switch (this) {
            case HALF_HANDSHAKE -> Arrays.copyOf(clientHello(), clientHello().length / 2);
            case SILENT_HANDSHAKE -> clientHello();
            case HALF_HEAD -> ascii("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ");
            case HALF_BODY ->
                ascii("POST /jolokia/ HTTP/1.1\r\nHost: " + host
                        + "\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"type\":");
            case REJECT_WITHOUT_BODY ->
                ascii("POST /jolokia/ HTTP/1.1\r\nHost: " + FOREIGN_HOST
                        + "\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n");
            case SLOW_READER ->
                ascii("GET /jolokia/read/io.github.csvbackup:type=CsvBackupState HTTP/1.1\r\nHost: " + host
                        + "\r\n\r\n");
        };
    }

    /** The byte that a client sends repeatedly so as not to be idle; 0 for none. */
    int drip() {
        return drip;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] clientHello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
            engine.setUseClientMode(true);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            return Arrays.copyOf(hello.array(), hello.position());
        } catch (java.security.GeneralSecurityException | javax.net.ssl.SSLException e) {
            throw new IllegalStateException("a client's first TLS message cannot be made", e);
        }
    }
}
